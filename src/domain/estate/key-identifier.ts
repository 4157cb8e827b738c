import { type CloudName, clouds } from './cloud.ts';
/** Which of the two services holds a key. */
export type HolderKind = 'vault' | 'managedHsm';

/** What kind of key holder a host name belongs to; `unknown` outside the known suffixes. */
type HostKind = HolderKind | 'unknown';

/** A key identifier in its parts. */
export interface KeyIdentifier {
  /** Host of the key holder: lower case, no port, no trailing dot. */
  host: string;
  holderKind: HostKind;
  /** Name of the vault or Managed HSM; absent outside the known suffixes. */
  holderName?: string;
  /** Cloud the host belongs to; absent outside the known suffixes. */
  cloud?: CloudName;
  keyName?: string;
  keyVersion?: string;
}

/** What a host ends with, and what that tells of it. */
const holdersBySuffix = new Map(
  Object.entries(clouds).flatMap(([cloud, suffixes]) =>
    (['vault', 'managedHsm'] as const).map(
      (holderKind) => [suffixes[holderKind], { holderKind, cloud: cloud as CloudName }] as const,
    ),
  ),
);

/** The host of a URI, lower case, without port and trailing dot; undefined where there is none. */
export function toHost(uri: string | undefined): string | undefined {
  const url = uri ? URL.parse(uri.trim()) : undefined;
  return url ? toPlainHost(url) : undefined;
}

function toPlainHost({ hostname }: URL): string | undefined {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return /^[a-z0-9][a-z0-9.-]*$/.test(host) ? host : undefined;
}

/**
 * Reads a key identifier: versioned or not, with a port, in odd case, with a trailing slash.
 * Answers undefined where it holds no host.
 */
export function parseKeyIdentifier(identifier: string | undefined): KeyIdentifier | undefined {
  const url = identifier ? URL.parse(identifier.trim()) : undefined;
  const host = url ? toPlainHost(url) : undefined;
  if (!url || !host) return undefined;
  const [collection, keyName, keyVersion] = url.pathname.split('/').filter(Boolean);
  const isKey = collection?.toLowerCase() === 'keys' && keyName !== undefined;
  return {
    host,
    ...toHolder(host),
    ...(isKey ? { keyName } : {}),
    ...(isKey && keyVersion ? { keyVersion } : {}),
  };
}

/** The host of a vault or Managed HSM of a name in a cloud. */
export function toHolderHost(kind: HolderKind, name: string, cloud: CloudName): string {
  return `${name}.${clouds[cloud][kind]}`.toLowerCase();
}

function toHolder(host: string): Pick<KeyIdentifier, 'holderKind' | 'holderName' | 'cloud'> {
  const dot = host.indexOf('.');
  const known = dot > 0 ? holdersBySuffix.get(host.slice(dot + 1)) : undefined;
  return known ? { ...known, holderName: host.slice(0, dot) } : { holderKind: 'unknown' };
}
