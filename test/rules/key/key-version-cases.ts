import { describe, expect, it } from 'vitest';
import { describeKeyHolderCases } from '../key-holder/key-holder-cases.ts';
import { forbiddenVersion, goneVersion, keyVersion, strangeVersion } from '../parts.ts';
import { found, judge, keyedRegistry, type Parts, vault } from '../postures.ts';

const keyHolder = found(vault());

/** What every rule on the version that counts has to say; `failing` is a version that it fails. */
export function describeKeyVersionCases(
  rule: string,
  failing: ReturnType<typeof keyVersion>,
  thresholds: Parts['thresholds'] = {},
): void {
  describeKeyHolderCases(rule, undefined, { key: { newest: keyVersion() } });

  describe(`${rule} judges`, () => {
    it.each([
      ['the version in use where it is known', { inUse: failing, newest: keyVersion() }, 'fail'],
      ['not the newest version then', { inUse: keyVersion(), newest: failing }, 'pass'],
      ['the newest version where it is not', { newest: failing }, 'fail'],
    ])('%s', (_, key, outcome) => {
      const verdict = judge(rule, keyedRegistry(), { keyHolder, key, thresholds });
      expect(verdict.outcome).toBe(outcome);
      expect(verdict.evidence.values).toMatchObject({ version: failing.version });
    });
  });

  it(`${rule} is not applicable where the key is gone`, () => {
    for (const key of [{ newest: goneVersion }, { inUse: goneVersion, newest: failing }])
      expect(judge(rule, keyedRegistry(), { keyHolder, key })).toMatchObject({
        outcome: 'notApplicable',
        reason: 'key_gone',
      });
  });

  it.each([
    ['no key was read', undefined, 'key_identifier_unusable'],
    ['no version was read', {}, 'key_identifier_unusable'],
    ['the key may not be read', { newest: forbiddenVersion }, 'key_forbidden'],
    ['the version in use is of another key', { inUse: strangeVersion }, 'version_in_use_unrecognised'],
  ])(`${rule} is unknown where %s`, (_, key, reason) => {
    const verdict = judge(rule, keyedRegistry(), { keyHolder, ...(key ? { key } : {}) });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason });
  });

  it(`${rule} names the action that is missing where the key may not be read`, () => {
    const { evidence } = judge(rule, keyedRegistry(), { keyHolder, key: { newest: forbiddenVersion } });
    expect(evidence.values).toMatchObject({ missingAction: 'Microsoft.KeyVault/vaults/keys/read' });
    expect(evidence.read.at(-1)).toMatchObject({ what: 'key', status: 403 });
  });
}
