import { type RegistryKey, toVersionInUse } from '../../domain/estate/key.ts';
import { toKey } from '../../domain/estate/posture.ts';
import type { Encryption, Registry } from '../../domain/estate/registry.ts';
import { judgeKeyHolder, notApplicable, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule, type JudgeContext, type Judgement } from '../rule.ts';
import { planTakeOver } from './key-rotationstuck.remedy.ts';
import { keyReasons } from './key-rule.ts';
import { hour, toIsoTime, toMilliseconds } from './key-times.ts';

/** Hours within which a registry takes over a new version of its key. */
export const lagHours = { setting: 'KEY_ROTATION_LAG_HOURS', default: 24, from: 1, to: 8760 };

/** The registry takes over new versions of its key. */
export const keyRotationStuck = defineRule({
  id: 'key_rotationstuck',
  severity: 'high',
  title: 'The registry has not taken over the key’s newest version',
  checks:
    'Whether a registry whose key identifier has no version uses the newest version of its key, or that version is younger than KEY_ROTATION_LAG_HOURS (24) hours. A pinned registry follows no version: that is a matter of key_pinned.',
  why: 'A registry takes up a new version within an hour. One that has not for a day no longer reaches its key, by its identity or through the network: the chain is broken, and pulls and pushes fail as soon as what it holds in memory runs out.',
  remedy:
    'See first what key_noaccess, acr_identitydetached, kv_networkblocked and key_unusable say of the registry and mend that; then let it take over the newest version with "az acr encryption rotate-key". Leave the old version enabled until it has.',
  reads: ['registry', 'keyHolder', 'key'],
  reasons: {
    ...keyReasons,
    rotation_stuck: 'The newest version is there for long, and the registry still uses another one.',
    rotation_under_way: 'The newest version is so young that the registry may not have seen it yet.',
    rotation_followed: 'The registry uses the newest version.',
    rotation_not_followed: 'The registry is pinned to one version: it follows none.',
    version_in_use_missing: 'Azure did not tell which version the registry uses.',
    newest_version_missing: 'Azure did not tell which version of the key is the newest.',
    newest_version_disabled:
      'The newest version is not enabled, or it was not told whether it is: no registry takes it over.',
    key_creation_unrecognised: 'Azure did not tell when the key version was created.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-rotate-revoke-customer-managed-keys',
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-troubleshoot-customer-managed-keys',
  ],
  threshold: lagHours,
  judge: judgeKeyHolder({
    found: (_, { key, registry }, context) =>
      key ? judgeTakeOver({ key, registry }, context) : unknown('key_identifier_unusable'),
  }),
  mend: planTakeOver,
});

/** Tells whether a registry that follows its key uses the newest version, or may soon. */
export function judgeTakeOver(
  { key, registry }: { key: RegistryKey; registry: Registry },
  { now, toThreshold }: Pick<JudgeContext, 'now' | 'toThreshold'>,
): Judgement {
  const named = toKey(registry);
  if (typeof named === 'string') return unknown('key_identifier_unusable');
  if (named.keyVersion) return notApplicable('rotation_not_followed');
  const { newest } = key;
  if (newest?.state === 'absent') return notApplicable('key_gone');
  if (newest?.state === 'unreadable') return unknown(newest.reason, { missingAction: newest.missingAction });
  if (!newest) return unknown('key_identifier_unusable');
  const inUse = toVersionInUse(named, registry.encryption);
  const keyRotationLagHours = toThreshold(lagHours);
  const values = {
    versionInUse: inUse,
    newestVersion: newest.version,
    created: toIsoTime(newest.attributes?.created),
    keyRotationLagHours,
    ...toRotationValues(registry.encryption),
  };
  if (inUse === undefined) return unknown('version_in_use_missing', values);
  if (inUse === 'other') return unknown('version_in_use_unrecognised', values);
  if (!newest.version) return unknown('newest_version_missing', values);
  if (newest.version.toLowerCase() === inUse.toLowerCase())
    return { outcome: 'pass', reason: 'rotation_followed', values };
  if (newest.attributes?.enabled !== true) return unknown('newest_version_disabled', values);
  const created = toMilliseconds(newest.attributes.created);
  if (typeof created !== 'number') return unknown('key_creation_unrecognised', values);
  return now.getTime() - created > keyRotationLagHours * hour
    ? { outcome: 'fail', reason: 'rotation_stuck', values }
    : { outcome: 'pass', reason: 'rotation_under_way', values };
}

function toRotationValues(encryption: Encryption | undefined): Record<string, unknown> {
  return {
    keyRotationEnabled: encryption?.keyRotationEnabled,
    lastKeyRotationTimestamp: encryption?.lastKeyRotation,
  };
}
