import { mcsb, stated } from '../frameworks.ts';
import { notApplicable, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { planExpiry } from './key-expiring.remedy.ts';
import { judgeKeyVersion, keyReasons } from './key-rule.ts';
import { day, toIsoTime, toMilliseconds } from './key-times.ts';

/** Days before its expiry from which on a key counts as expiring. */
const warningDays = { setting: 'KEY_EXPIRY_WARNING_DAYS', default: 30, from: 1, to: 3650 };

/** The key does not expire soon. */
export const keyExpiring = defineRule({
  id: 'key_expiring',
  severity: 'medium',
  title: 'The registry’s key expires soon',
  checks:
    'When the key version in use expires, or the newest one where Azure does not tell which is in use, and whether that is within KEY_EXPIRY_WARNING_DAYS (30) days. A key that has expired is a matter of key_unusable.',
  why: 'Once a key version has expired nothing new is wrapped with it, so pushes begin to fail on a date that is known today.',
  remedy:
    'Rotate the key before then: "az keyvault key rotate" makes a new version, which a registry with a versionless key identifier takes up within an hour; one with a versioned identifier needs "az acr encryption rotate-key". A rotation policy does it in time from then on.',
  reads: ['registry', 'keyHolder', 'key'],
  reasons: {
    ...keyReasons,
    key_expires_soon: 'The key version expires within the days of warning.',
    key_expires_later: 'The key version expires, but not soon.',
    key_without_expiry: 'The key version does not expire.',
    key_expired: 'The key version has expired already: key_unusable tells it.',
    key_attributes_missing: 'Azure told nothing of the state of the key.',
    key_times_unrecognised: 'The expiry of the key is no number.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/keys/how-to-configure-key-rotation',
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-rotate-revoke-customer-managed-keys',
  ],
  controls: stated(mcsb.dp6, 'keys are rotated and revoked on a defined schedule'),
  threshold: warningDays,
  judge: judgeKeyVersion(({ attributes }, { now, toThreshold }) => {
    if (!attributes) return unknown('key_attributes_missing');
    const keyExpiryWarningDays = toThreshold(warningDays);
    const values = { expires: toIsoTime(attributes.expires), keyExpiryWarningDays };
    const expires = toMilliseconds(attributes.expires);
    if (expires === undefined) return { outcome: 'pass', reason: 'key_without_expiry', values };
    if (expires === 'unrecognised') return unknown('key_times_unrecognised', values);
    const left = expires - now.getTime();
    if (left <= 0) return notApplicable('key_expired', values);
    return left <= keyExpiryWarningDays * day
      ? { outcome: 'fail', reason: 'key_expires_soon', values }
      : { outcome: 'pass', reason: 'key_expires_later', values };
  }),
  mend: planExpiry,
});
