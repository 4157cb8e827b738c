import { defineRule } from '../rule.ts';
import { judgeKeyHolder, unknown } from './key-holder-rule.ts';
import { planRetention } from './kv-shortretention.remedy.ts';

/** How long a key holder keeps what is deleted where nothing else was asked for, in days. */
const defaultRetentionDays = 90;

/** Least days for which a key holder has to keep what is deleted. */
const minDays = { setting: 'SOFT_DELETE_MIN_DAYS', default: 90, from: 7, to: 90 };

/** The key holder keeps what is deleted for long enough. */
export const kvShortRetention = defineRule({
  id: 'kv_shortretention',
  severity: 'low',
  title: 'The key holder keeps deleted keys for a short time only',
  checks:
    'For how many days the key holder keeps deleted keys, and itself when deleted, against SOFT_DELETE_MIN_DAYS (90). A key holder that names no number keeps them for 90 days.',
  why: 'After that time a deleted key is gone for good, and with it every image that it encrypts: it is all the time there is to notice.',
  remedy:
    'The retention of a key holder is fixed when it is created: create one with "--retention-days 90", make a new key there, and move the registry to it with "az acr encryption rotate-key". Keep the old key until that is done.',
  reads: ['registry', 'keyHolder'],
  reasons: {
    retention_long_enough: 'Deleted keys are kept for long enough.',
    retention_too_short: 'Deleted keys are kept for fewer days than asked for.',
    retention_unrecognised: 'The retention is no number.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/general/soft-delete-overview',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/soft-delete-overview',
  ],
  threshold: minDays,
  judge: judgeKeyHolder({
    found({ retentionDays }, _, { toThreshold }) {
      const softDeleteMinDays = toThreshold(minDays);
      const values = { softDeleteRetentionInDays: retentionDays, softDeleteMinDays };
      const days = retentionDays ?? defaultRetentionDays;
      if (typeof days !== 'number' || !Number.isFinite(days))
        return unknown('retention_unrecognised', values);
      return days < softDeleteMinDays
        ? { outcome: 'fail', reason: 'retention_too_short', values }
        : { outcome: 'pass', reason: 'retention_long_enough', values };
    },
  }),
  mend: planRetention,
});
