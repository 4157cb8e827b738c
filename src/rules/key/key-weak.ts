import { mcsb, stated } from '../frameworks.ts';
import { unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { judgeKeyVersion, keyReasons } from './key-rule.ts';
import { planLongerKey } from './key-weak.remedy.ts';

/** Least length of a key, in bits. */
const minBits = { setting: 'KEY_MIN_BITS', default: 3072, from: 2048, to: 16384 };

/** The key is long enough. */
export const keyWeak = defineRule({
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
  controls: stated(mcsb.dp6, 'keys have a minimum size'),
  threshold: minBits,
  judge: judgeKeyVersion(({ kty, keySize }, { toThreshold }) => {
    const keyMinBits = toThreshold(minBits);
    const values = { kty, keySize, keyMinBits };
    if (typeof keySize !== 'number' || !Number.isFinite(keySize))
      return unknown('key_size_unrecognised', values);
    return keySize < keyMinBits
      ? { outcome: 'fail', reason: 'key_too_short', values }
      : { outcome: 'pass', reason: 'key_long_enough', values };
  }),
  mend: planLongerKey,
});
