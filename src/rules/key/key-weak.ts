import { unknown } from '../key-holder/key-holder-rule.ts';
import type { Rule } from '../rule.ts';
import { judgeKeyVersion, keyReasons } from './key-rule.ts';

/** The key is long enough. */
export const keyWeak: Rule = {
  id: 'key_weak',
  severity: 'low',
  isOffByDefault: true,
  title: 'The registry’s key is shorter than it should be',
  checks:
    'The length of the key version in use, or of the newest one where Azure does not tell which is in use, against KEY_MIN_BITS (3072).',
  why: 'Current recommendations ask for RSA keys of at least 3072 bits where data has to stay secret beyond 2030.',
  remedy:
    'Create a longer key, for example "az keyvault key create --kty RSA --size 3072", and move the registry to it with "az acr encryption rotate-key". Keep the old key until that is done.',
  reads: ['registry', 'keyHolder', 'key'],
  reasons: {
    ...keyReasons,
    key_too_short: 'The key is shorter than it should be.',
    key_long_enough: 'The key is as long as it should be.',
    key_size_unrecognised: 'Azure did not tell the length of the key.',
  },
  links: ['https://learn.microsoft.com/en-us/azure/key-vault/keys/about-keys-details'],
  judge: judgeKeyVersion(({ kty, keySize }, { thresholds: { keyMinBits } }) => {
    const values = { kty, keySize, keyMinBits };
    if (typeof keySize !== 'number' || !Number.isFinite(keySize))
      return unknown('key_size_unrecognised', values);
    return keySize < keyMinBits
      ? { outcome: 'fail', reason: 'key_too_short', values }
      : { outcome: 'pass', reason: 'key_long_enough', values };
  }),
};
