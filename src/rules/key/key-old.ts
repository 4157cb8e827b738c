import { mcsb, stated } from '../frameworks.ts';
import { unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { planRotation } from './key-old.remedy.ts';
import { judgeKeyVersion, keyReasons } from './key-rule.ts';
import { day, toIsoTime, toMilliseconds } from './key-times.ts';

/** Greatest age of a key version, in days. */
const maxAge = { setting: 'KEY_MAX_AGE_DAYS', default: 365, from: 1, to: 36500 };

/** The key is rotated often enough. */
export const keyOld = defineRule({
  id: 'key_old',
  severity: 'low',
  isOffByDefault: true,
  title: 'The registry’s key has not been rotated for long',
  checks:
    'How long ago the key version in use was created, or the newest one where Azure does not tell which is in use, and whether that is more than KEY_MAX_AGE_DAYS (365) days.',
  why: 'The longer one version is in use, the more data a leak of it opens; many standards ask for rotation within a period.',
  remedy:
    'Rotate the key with "az keyvault key rotate", and let a rotation policy do it from then on; a registry with a versioned key identifier also needs "az acr encryption rotate-key". Keep the old version enabled until the registry uses the new one.',
  reads: ['registry', 'keyHolder', 'key'],
  reasons: {
    ...keyReasons,
    key_too_old: 'The key version is older than it may be.',
    key_recent: 'The key version is not older than it may be.',
    key_creation_unrecognised: 'Azure did not tell when the key version was created.',
  },
  links: ['https://learn.microsoft.com/en-us/azure/key-vault/keys/how-to-configure-key-rotation'],
  controls: stated(mcsb.dp6, 'keys are rotated on a defined schedule'),
  threshold: maxAge,
  judge: judgeKeyVersion(({ attributes }, { now, toThreshold }) => {
    const keyMaxAgeDays = toThreshold(maxAge);
    const values = { created: toIsoTime(attributes?.created), keyMaxAgeDays };
    const created = toMilliseconds(attributes?.created);
    if (typeof created !== 'number') return unknown('key_creation_unrecognised', values);
    return now.getTime() - created > keyMaxAgeDays * day
      ? { outcome: 'fail', reason: 'key_too_old', values }
      : { outcome: 'pass', reason: 'key_recent', values };
  }),
  mend: planRotation,
});
