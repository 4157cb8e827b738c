import type { FoundKeyVersion, KeyVersion } from '../../domain/estate/key.ts';
import { toMilliseconds } from './key-times.ts';

/** Why a version of a key can't be used, or why that can't be told. */
export interface KeyFault {
  outcome: 'fail' | 'unknown';
  reason: string;
  /** The action that the monitor's role lacks. */
  missingAction?: string | undefined;
}

/** Reasons that {@link toKeyFaults} gives, and what they mean. */
export const keyFaultReasons: Record<string, string> = {
  key_disabled: 'The key version is disabled.',
  key_expired: 'The key version has expired: what it wrapped still unwraps, but nothing new is wrapped.',
  key_not_yet_valid: 'The key version is not valid yet.',
  key_not_rsa: 'The key is no RSA key; a registry takes no other.',
  key_operations_missing: 'The key does not permit wrapKey and unwrapKey.',
  key_attributes_missing: 'Azure told nothing of the state of the key.',
  key_enabled_unrecognised: 'Azure did not tell whether the key is enabled.',
  key_times_unrecognised: 'A time of the key is no number.',
  key_type_unrecognised: 'Azure told no type of the key, or one that is not documented.',
  key_operations_unrecognised: 'Azure did not tell what the key may be used for.',
};

const rsaTypes = new Set(['rsa', 'rsa-hsm']);
const otherTypes = new Set(['ec', 'ec-hsm', 'oct', 'oct-hsm']);

/** All faults of a version of a key, worst first: certain ones before doubts. */
export function toKeyFaults(version: KeyVersion, now: Date): KeyFault[] {
  switch (version.state) {
    case 'absent':
      return [fail('key_gone')];
    case 'unreadable':
      return [{ ...doubt(version.reason), missingAction: version.missingAction }];
    case 'found': {
      const faults = toFoundFaults(version, now).flatMap((fault) => fault ?? []);
      return faults.toSorted((a, b) => Number(a.outcome === 'unknown') - Number(b.outcome === 'unknown'));
    }
  }
}

function toFoundFaults(version: FoundKeyVersion, now: Date): (KeyFault | undefined)[] {
  return [...toStateFaults(version, now.getTime()), toTypeFault(version), toOperationsFault(version)];
}

function toStateFaults({ attributes }: FoundKeyVersion, now: number): (KeyFault | undefined)[] {
  if (!attributes) return [doubt('key_attributes_missing')];
  const { enabled } = attributes;
  const [notBefore, expires] = [toMilliseconds(attributes.notBefore), toMilliseconds(attributes.expires)];
  return [
    enabled === false ? fail('key_disabled') : undefined,
    typeof expires === 'number' && expires <= now ? fail('key_expired') : undefined,
    typeof notBefore === 'number' && notBefore > now ? fail('key_not_yet_valid') : undefined,
    typeof enabled === 'boolean' ? undefined : doubt('key_enabled_unrecognised'),
    [notBefore, expires].includes('unrecognised') ? doubt('key_times_unrecognised') : undefined,
  ];
}

function toTypeFault({ kty }: FoundKeyVersion): KeyFault | undefined {
  const type = kty?.toLowerCase() ?? '';
  if (rsaTypes.has(type)) return undefined;
  return otherTypes.has(type) ? fail('key_not_rsa') : doubt('key_type_unrecognised');
}

function toOperationsFault({ keyOps }: FoundKeyVersion): KeyFault | undefined {
  if (!keyOps) return doubt('key_operations_unrecognised');
  const permitted = new Set(keyOps.map((operation) => operation.toLowerCase()));
  return permitted.has('wrapkey') && permitted.has('unwrapkey') ? undefined : fail('key_operations_missing');
}

function fail(reason: string): KeyFault {
  return { outcome: 'fail', reason };
}

function doubt(reason: string): KeyFault {
  return { outcome: 'unknown', reason };
}
