import { describe, expect, it } from 'vitest';
import type { KeyVersion } from '../../../src/domain/estate/key.ts';
import { describeKeyHolderCases } from '../key-holder/key-holder-cases.ts';
import { forbiddenVersion, goneVersion, inDays, keyVersion, strangeVersion } from '../parts.ts';
import { found, judge, keyedRegistry, type Parts, vault } from '../postures.ts';

const rule = 'key_rotationstuck';
const keyUri = 'https://kv-images.vault.azure.net/keys/acr-cmk';
const old = 'a'.repeat(32);
const young = 'b'.repeat(32);
const version = (name: string | undefined, attributes: Record<string, unknown> = {}) =>
  keyVersion(attributes, { keyUriWithVersion: name && `${keyUri}/${name}` });
const judgeKey = (
  newest: KeyVersion,
  { using = `${keyUri}/${old}`, thresholds = {} }: { using?: unknown; thresholds?: Parts['thresholds'] } = {},
) =>
  judge(rule, keyedRegistry({ versionedKeyIdentifier: using }), {
    keyHolder: found(vault()),
    key: { newest, inUse: version(old) },
    thresholds,
  });

describeKeyHolderCases(rule, undefined, { key: { newest: keyVersion() } });

it('fails where a version of two days ago has not been taken over', () => {
  expect(judgeKey(version(young, { created: inDays(-2) }))).toMatchObject({
    outcome: 'fail',
    reason: 'rotation_stuck',
    severity: 'high',
    evidence: {
      values: { versionInUse: old, newestVersion: young, created: '2026-07-30T06:00:00.000Z' },
    },
  });
});

it.each([
  ['the newest version is in use', version(old, { created: inDays(-700) }), 'rotation_followed'],
  ['it is, in another casing', version(old.toUpperCase(), { created: inDays(-700) }), 'rotation_followed'],
  ['the newest version is a day old', version(young, { created: inDays(-1) }), 'rotation_under_way'],
  ['the newest version is of the future', version(young, { created: inDays(1) }), 'rotation_under_way'],
])('passes where %s', (_, newest, reason) => {
  expect(judgeKey(newest)).toMatchObject({ outcome: 'pass', reason });
});

it.each([
  ['no version in use is told', version(young), { using: undefined }, 'version_in_use_missing'],
  ['it is no address', version(young), { using: 'b' }, 'version_in_use_missing'],
  [
    'it is one of another key',
    version(young),
    { using: `https://kv-images.vault.azure.net/keys/other/${old}` },
    'version_in_use_unrecognised',
  ],
  ['the newest version is not named', version(undefined), {}, 'newest_version_missing'],
  ['its creation is not told', version(young, { created: undefined }), {}, 'key_creation_unrecognised'],
  ['its creation is no number', version(young, { created: 'then' }), {}, 'key_creation_unrecognised'],
  ['it is disabled', version(young, { enabled: false }), {}, 'newest_version_disabled'],
  ['it is enabled in no known words', version(young, { enabled: 'yes' }), {}, 'newest_version_disabled'],
  ['it may not be read', forbiddenVersion, {}, 'key_forbidden'],
  ['it is not recognised', strangeVersion, {}, 'version_in_use_unrecognised'],
])('is unknown where %s', (_, newest, options, reason) => {
  expect(
    judgeKey(newest, { ...options, ...('using' in options ? { using: options.using ?? null } : {}) }),
  ).toMatchObject({
    outcome: 'unknown',
    reason,
  });
});

it('is not applicable to a pinned registry, and where the key is gone', () => {
  const pinned = keyedRegistry({ keyIdentifier: `${keyUri}/${old}` });
  const parts = { keyHolder: found(vault()), key: { inUse: version(old) } };
  expect(judge(rule, pinned, parts)).toMatchObject({
    outcome: 'notApplicable',
    reason: 'rotation_not_followed',
  });
  expect(judgeKey(goneVersion)).toMatchObject({ outcome: 'notApplicable', reason: 'key_gone' });
});

describe('the hours of lag', () => {
  it('come from configuration, and are evidence', () => {
    const newest = version(young, { created: inDays(-2) });
    expect(judgeKey(newest, { thresholds: { KEY_ROTATION_LAG_HOURS: 48 } }).outcome).toBe('pass');
    const verdict = judgeKey(newest, { thresholds: { KEY_ROTATION_LAG_HOURS: 47 } });
    expect(verdict.outcome).toBe('fail');
    expect(verdict.evidence.values).toMatchObject({ keyRotationLagHours: 47 });
  });
});
