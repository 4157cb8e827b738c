import { type RegistryKey, toVersionInUse } from '../../domain/estate/key.ts';
import type { KeyIdentifier } from '../../domain/estate/key-identifier.ts';
import type { Encryption } from '../../domain/estate/registry.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { MemoReads } from './memo-reads.ts';

const keyName = /^[0-9a-z-]{1,127}$/i;
const keyVersion = /^[0-9a-z]{1,64}$/i;

/**
 * Reads the key that an identifier names: the version it names, or the newest one and the one in use.
 * Answers undefined where it names none that Azure could have.
 */
export async function readKey(
  reads: MemoReads,
  { holder, key, encryption }: { holder: ResourceId; key: KeyIdentifier; encryption: Encryption | undefined },
): Promise<RegistryKey | undefined> {
  const name = key.keyName;
  if (!name || !keyName.test(name)) return undefined;
  const version = toVersionInUse(key, encryption);
  if (key.keyVersion) {
    return keyVersion.test(key.keyVersion)
      ? { inUse: await reads.readKeyVersion(holder, name, key.keyVersion) }
      : undefined;
  }
  const newest = await reads.readKeyVersion(holder, name);
  if (version === undefined) return { newest };
  if (version === 'other' || !keyVersion.test(version)) {
    return { newest, inUse: { state: 'unreadable', reason: 'version_in_use_unrecognised', readings: [] } };
  }
  // What says that there is no key, or that it can't be read, says it of all its versions.
  const isSame = newest.state !== 'found' || newest.version?.toLowerCase() === version.toLowerCase();
  return { newest, inUse: isSame ? newest : await reads.readKeyVersion(holder, name, version) };
}
