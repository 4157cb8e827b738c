import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegistryKey } from '../../../src/domain/estate/key.ts';
import { describeKeyHolderCases } from '../key-holder/key-holder-cases.ts';
import { forbiddenVersion, goneVersion, inDays, keyVersion, strangeVersion } from '../parts.ts';
import { found, judge, keyedRegistry, managedHsm, now, vault } from '../postures.ts';

const rule = 'key_unusable';
const keyHolder = found(vault());
const judgeKey = (key?: RegistryKey, holder = keyHolder) =>
  judge(rule, keyedRegistry(), { keyHolder: holder, ...(key ? { key } : {}) });
const good = keyVersion();

describeKeyHolderCases(rule, undefined, { key: { newest: keyVersion() } });

describe('a key', () => {
  it.each([
    ['both versions', { newest: good, inUse: good }],
    ['the newest version alone', { newest: good }],
    ['the version in use alone, as a pinned registry has it', { inUse: good }],
    ['times around now', { newest: keyVersion({ nbf: inDays(-1), exp: inDays(1) }) }],
    ['a type in another casing', { newest: keyVersion({}, { kty: 'rsa-hsm' }) }],
    ['operations in another casing', { newest: keyVersion({}, { keyOps: ['WRAPKEY', 'unwrapkey'] }) }],
    ['a validity that begins this very second', { newest: keyVersion({ nbf: inDays(0) }) }],
    ['an end that no calendar reaches', { newest: keyVersion({ exp: 1e15 }) }],
  ])('passes with %s', (_, key) => {
    expect(judgeKey(key)).toMatchObject({ outcome: 'pass', reason: 'key_usable', severity: 'critical' });
  });

  it.each([
    ['is disabled', { enabled: false }, {}, 'key_disabled'],
    ['has expired', { exp: inDays(-1) }, {}, 'key_expired'],
    ['expires this very second', { exp: inDays(0) }, {}, 'key_expired'],
    ['expired in 1970', { exp: 0 }, {}, 'key_expired'],
    ['is not valid yet', { nbf: inDays(1) }, {}, 'key_not_yet_valid'],
    ['will be valid in a second', { nbf: inDays(0) + 1 }, {}, 'key_not_yet_valid'],
    ['is an elliptic curve', {}, { kty: 'EC' }, 'key_not_rsa'],
    ['is an elliptic curve in an HSM', {}, { kty: 'EC-HSM' }, 'key_not_rsa'],
    ['is symmetric', {}, { kty: 'oct-HSM' }, 'key_not_rsa'],
    ['may not unwrap', {}, { keyOps: ['wrapKey', 'encrypt'] }, 'key_operations_missing'],
    ['may not wrap', {}, { keyOps: ['unwrapKey'] }, 'key_operations_missing'],
    ['may do nothing', {}, { keyOps: [] }, 'key_operations_missing'],
  ])('fails when it %s', (_, attributes, properties, reason) => {
    const version = keyVersion(attributes, properties);
    for (const key of [{ newest: version }, { inUse: version }, { newest: good, inUse: version }])
      expect(judgeKey(key)).toMatchObject({ outcome: 'fail', reason });
    expect(judgeKey({ newest: version, inUse: good })).toMatchObject({ outcome: 'fail', reason });
  });

  it.each([
    ['the key is gone', { newest: goneVersion }],
    ['the pinned version is gone', { inUse: goneVersion }],
    ['the version in use is gone', { newest: good, inUse: goneVersion }],
  ])('fails when %s', (_, key) => {
    expect(judgeKey(key)).toMatchObject({ outcome: 'fail', reason: 'key_gone' });
  });

  it.each([
    ['its attributes are left out', {}, { attributes: undefined }, 'key_attributes_missing'],
    ['its attributes are null', {}, { attributes: null }, 'key_attributes_missing'],
    ['its attributes are empty', {}, { attributes: {} }, 'key_attributes_missing'],
    ['its attributes are a text', {}, { attributes: 'enabled' }, 'key_attributes_missing'],
    ['its attributes are a list', {}, { attributes: [] }, 'key_attributes_missing'],
    ['enabled is left out', { enabled: undefined }, {}, 'key_enabled_unrecognised'],
    ['enabled is null', { enabled: null }, {}, 'key_enabled_unrecognised'],
    ['enabled is a text', { enabled: 'false' }, {}, 'key_enabled_unrecognised'],
    ['enabled is a number', { enabled: 1 }, {}, 'key_enabled_unrecognised'],
    ['its end is a text', { exp: '2026-01-01T00:00:00Z' }, {}, 'key_times_unrecognised'],
    ['its beginning is a text', { nbf: '1700000000' }, {}, 'key_times_unrecognised'],
    ['its end is a boolean', { exp: false }, {}, 'key_times_unrecognised'],
    ['its type is left out', {}, { kty: undefined }, 'key_type_unrecognised'],
    ['its type is no text', {}, { kty: 7 }, 'key_type_unrecognised'],
    ['its type is not documented', {}, { kty: 'ML-KEM' }, 'key_type_unrecognised'],
    ['its operations are left out', {}, { keyOps: undefined }, 'key_operations_unrecognised'],
    ['its operations are null', {}, { keyOps: null }, 'key_operations_unrecognised'],
    ['its operations are a text', {}, { keyOps: 'wrapKey,unwrapKey' }, 'key_operations_unrecognised'],
    ['an operation is no text', {}, { keyOps: ['wrapKey', 7] }, 'key_operations_unrecognised'],
  ])('is unknown when %s', (_, attributes, properties, reason) => {
    const version = keyVersion(attributes, properties);
    expect(judgeKey({ newest: version })).toMatchObject({ outcome: 'unknown', reason });
    expect(judgeKey({ newest: good, inUse: version })).toMatchObject({ outcome: 'unknown', reason });
  });

  it('is unknown where it may not be read, and names the missing action', () => {
    const verdict = judgeKey({ newest: good, inUse: forbiddenVersion });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'key_forbidden' });
    expect(verdict.evidence.values).toMatchObject({ missingAction: 'Microsoft.KeyVault/vaults/keys/read' });
  });

  it('is unknown where the version in use is one of another key', () => {
    const verdict = judgeKey({ newest: good, inUse: strangeVersion });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'version_in_use_unrecognised' });
    expect(verdict.evidence.values).not.toHaveProperty('missingAction');
  });

  it.each([
    ['no key was read', undefined],
    ['no version was read', {}],
  ])('is unknown where %s', (_, key) => {
    expect(judgeKey(key)).toMatchObject({ outcome: 'unknown', reason: 'key_identifier_unusable' });
  });
});

describe('of several faults', () => {
  const expired = keyVersion({ exp: inDays(-1) });
  const disabled = keyVersion({ enabled: false });

  it.each([
    ['that of the version in use is told', { inUse: expired, newest: disabled }, 'key_expired'],
    ['a certain one wins over a doubt', { inUse: forbiddenVersion, newest: disabled }, 'key_disabled'],
    [
      'a certain one wins over a doubt about the same version',
      { newest: keyVersion({ enabled: undefined, exp: inDays(-1) }) },
      'key_expired',
    ],
    [
      'a certain one wins though nothing is known of the attributes',
      { newest: keyVersion({}, { attributes: undefined, kty: 'EC' }) },
      'key_not_rsa',
    ],
    [
      'the first one of a version is told',
      { newest: keyVersion({ enabled: false, exp: inDays(-1), nbf: inDays(1) }, { kty: 'EC', keyOps: [] }) },
      'key_disabled',
    ],
  ])('%s', (_, key, reason) => {
    expect(judgeKey(key)).toMatchObject({ outcome: 'fail', reason });
  });
});

describe('a key in a Managed HSM', () => {
  const judgeHsm = (
    status: unknown,
    rest: Record<string, unknown> = {},
    key: RegistryKey = { newest: good },
  ) => {
    const securityDomainProperties = { activationStatus: status };
    return judgeKey(key, found(managedHsm({ securityDomainProperties, ...rest })));
  };

  it.each(['Active', 'active'])('passes when that is %s', (status) => {
    expect(judgeHsm(status).outcome).toBe('pass');
  });

  it.each(['NotActivated', 'notactivated'])('fails when that is %s', (status) => {
    for (const newest of [good, forbiddenVersion, goneVersion]) {
      const verdict = judgeHsm(status, { provisioningState: 'Provisioning' }, { newest });
      expect(verdict).toMatchObject({ outcome: 'fail', reason: 'key_holder_not_activated' });
      expect(verdict.evidence.values).toMatchObject({
        'securityDomainProperties.activationStatus': status,
      });
    }
  });

  it.each(['Failed', 'Unknown', 'Activating', '', 7])('is unknown when that is %j', (status) => {
    expect(judgeHsm(status)).toMatchObject({ outcome: 'unknown', reason: 'activation_unrecognised' });
    const key = { newest: keyVersion({ enabled: false }) };
    expect(judgeHsm(status, {}, key)).toMatchObject({ outcome: 'fail', reason: 'key_disabled' });
  });

  it('is judged by itself when that does not tell whether it is activated, as by old api versions', () => {
    expect(judgeHsm(undefined).outcome).toBe('pass');
    expect(judgeHsm(undefined, { securityDomainProperties: undefined }).outcome).toBe('pass');
  });

  it('fails when that waits for its security domain and does not tell whether it is activated', () => {
    const waiting = { provisioningState: 'SecurityDomainRestore' };
    expect(judgeHsm(undefined, waiting)).toMatchObject({
      outcome: 'fail',
      reason: 'key_holder_not_activated',
    });
    expect(judgeHsm('Active', waiting).outcome).toBe('pass');
  });

  it('of a vault that tells an activation status is not asked for it', () => {
    const odd = found(vault({ securityDomainProperties: { activationStatus: 'NotActivated' } }));
    expect(judgeKey({ newest: good }, odd).outcome).toBe('pass');
  });
});

describe('evidence', () => {
  it('shows each judged version, the rotation and the reads', () => {
    const inUse = keyVersion({ nbf: inDays(-2), exp: inDays(3) });
    const body = keyedRegistry({ lastKeyRotationTimestamp: '2026-07-01T00:00:00.1234567+00:00' });
    const { evidence } = judge(rule, body, { keyHolder, key: { newest: goneVersion, inUse } });
    expect(evidence.values).toMatchObject({
      versionInUse: {
        version: inUse.version,
        enabled: true,
        notBefore: '2026-07-30T06:00:00.000Z',
        expires: '2026-08-04T06:00:00.000Z',
        created: '2025-03-11T09:15:00.000Z',
        kty: 'RSA',
        keySize: 3072,
      },
      newestVersion: { state: 'absent' },
      keyRotationEnabled: true,
      lastKeyRotationTimestamp: '2026-07-01T00:00:00.1234567+00:00',
    });
    expect(evidence.read.map(({ what, status }) => [what, status])).toEqual([
      ['registry', 200],
      ['vault', 200],
      ['key', 404],
      ['key', 200],
    ]);
  });

  it('shows odd values as Azure wrote them', () => {
    const { evidence } = judgeKey({ newest: keyVersion({ exp: 'soon', nbf: 1e300 }) });
    expect(evidence.values).toMatchObject({ newestVersion: { expires: 'soon', notBefore: 1e300 } });
  });
});

it('never passes a key that has a certain fault, whatever else is odd', () => {
  const odd = fc.option(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { nil: undefined });
  fc.assert(
    fc.property(odd, odd, odd, fc.integer({ max: now.getTime() / 1000 }), (enabled, nbf, kty, exp) => {
      const { outcome } = judgeKey({ newest: keyVersion({ enabled, nbf, exp }, { kty }) });
      expect(outcome).toBe('fail');
    }),
  );
});
