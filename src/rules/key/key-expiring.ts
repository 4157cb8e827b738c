import type { Posture } from '../../domain/estate/posture.ts';
import { mcsb, stated } from '../frameworks.ts';
import { notApplicable, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule, type JudgeContext } from '../rule.ts';
import { planExpiry } from './key-expiring.remedy.ts';
import { judgeTakeOver, lagHours } from './key-rotationstuck.ts';
import { judgeKeyVersion, keyReasons } from './key-rule.ts';
import { addDuration, day, hour, toIsoTime, toMilliseconds } from './key-times.ts';

/** Days before its expiry from which on a key counts as expiring. */
const warningDays = { setting: 'KEY_EXPIRY_WARNING_DAYS', default: 30, from: 1, to: 3650 };

/** The key does not expire soon. */
export const keyExpiring = defineRule({
  id: 'key_expiring',
  severity: 'medium',
  title: 'The registry’s key expires soon',
  checks:
    'When the key version in use expires, or the newest one where Azure does not tell which is in use, and whether that is within KEY_EXPIRY_WARNING_DAYS (30) days. A key whose rotation policy makes a new version before then, and whose registry follows new versions, passes. A key that has expired is a matter of key_unusable.',
  why: 'Once a key version has expired nothing new is wrapped with it, so pushes begin to fail on a date that is known today.',
  remedy:
    'Rotate the key before then: "az keyvault key rotate" makes a new version, which a registry with a versionless key identifier takes up within an hour; one with a versioned identifier needs "az acr encryption rotate-key". A rotation policy does it in time from then on.',
  reads: ['registry', 'keyHolder', 'key'],
  reasons: {
    ...keyReasons,
    key_expires_soon: 'The key version expires within the days of warning.',
    key_expires_later: 'The key version expires, but not soon.',
    rotation_before_expiry:
      'The key version expires soon, but its rotation policy makes a new one before, and the registry follows.',
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
  judge: judgeKeyVersion((version, context, posture) => {
    const { attributes } = version;
    const { now, toThreshold } = context;
    if (!attributes) return unknown('key_attributes_missing');
    const keyExpiryWarningDays = toThreshold(warningDays);
    const values = { expires: toIsoTime(attributes.expires), keyExpiryWarningDays };
    const expires = toMilliseconds(attributes.expires);
    if (expires === undefined) return { outcome: 'pass', reason: 'key_without_expiry', values };
    if (expires === 'unrecognised') return unknown('key_times_unrecognised', values);
    const left = expires - now.getTime();
    if (left <= 0) return notApplicable('key_expired', values);
    if (left > keyExpiryWarningDays * day) return { outcome: 'pass', reason: 'key_expires_later', values };
    const rotatesAt = toRotation(posture, context);
    return rotatesAt !== undefined && rotatesAt < expires
      ? {
          outcome: 'pass',
          reason: 'rotation_before_expiry',
          values: { ...values, rotates: new Date(rotatesAt).toISOString() },
        }
      : { outcome: 'fail', reason: 'key_expires_soon', values };
  }),
  mend: planExpiry,
});

/**
 * When the policy makes the version that the registry goes over to, or has made it; undefined where it makes none, or the
 * registry does not follow. A rotation that is overdue did not take place: it is not to be relied on.
 */
function toRotation({ key, registry }: Posture, context: JudgeContext): number | undefined {
  const { newest } = key ?? {};
  if (!key || newest?.state !== 'found') return undefined;
  const takeOver = judgeTakeOver({ key, registry }, context);
  const created = toMilliseconds(newest.attributes?.created);
  if (takeOver.outcome !== 'pass' || typeof created !== 'number') return undefined;
  if (takeOver.reason === 'rotation_under_way') return newest.rotations?.length ? created : undefined;
  const expires = toMilliseconds(newest.attributes?.expires);
  const times = (newest.rotations ?? []).flatMap(({ timeAfterCreate, timeBeforeExpiry }) => [
    addDuration(created, timeAfterCreate, 1) ?? [],
    (typeof expires === 'number' ? addDuration(expires, timeBeforeExpiry, -1) : undefined) ?? [],
  ]);
  const late = context.now.getTime() - context.toThreshold(lagHours) * hour;
  const next = Math.min(...times.flat().filter((time) => time >= late));
  return Number.isFinite(next) ? next : undefined;
}
