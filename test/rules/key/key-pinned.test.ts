import { describe, expect, it } from 'vitest';
import { describeAnyKeyHolder, describeCustomerKeyCases } from '../customer-key-cases.ts';
import { deleted, found, judge, keyedRegistry, notVisible, plainRegistry, vault } from '../postures.ts';

const rule = 'key_pinned';
const key = 'https://kv-images.vault.azure.net/keys/acr-cmk';
const version = '0123456789abcdef0123456789abcdef';
const judgeIdentifier = (keyIdentifier: unknown) => judge(rule, keyedRegistry({ keyIdentifier }));

describeCustomerKeyCases(rule);
describeAnyKeyHolder(rule);

it.each([
  ['a version', `${key}/${version}`],
  ['a version and a trailing slash', `${key}/${version}/`],
  ['a version and a port', `https://kv-images.vault.azure.net:443/keys/acr-cmk/${version}`],
  ['a version in odd casing', `HTTPS://KV-Images.Vault.Azure.NET/Keys/acr-cmk/${version.toUpperCase()}`],
  ['a version in a Managed HSM', `https://hsm-images.managedhsm.azure.net/keys/acr-cmk/${version}`],
])('fails when the identifier names %s', (_, keyIdentifier) => {
  expect(judgeIdentifier(keyIdentifier)).toMatchObject({
    outcome: 'fail',
    reason: 'key_version_pinned',
    severity: 'medium',
  });
});

it.each([
  ['no version', key],
  ['no version but a trailing slash', `${key}/`],
  ['no version in a Managed HSM', 'https://hsm-images.managedhsm.azure.net/keys/acr-cmk'],
])('passes when the identifier names %s', (_, keyIdentifier) => {
  expect(judgeIdentifier(keyIdentifier)).toMatchObject({ outcome: 'pass', reason: 'key_version_followed' });
});

it.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['no address', `acr-cmk/${version}`],
  ['no text', 7],
  ['a key holder alone', 'https://kv-images.vault.azure.net/'],
  ['a key without a name', 'https://kv-images.vault.azure.net/keys/'],
  ['a secret', `https://kv-images.vault.azure.net/secrets/acr-cmk/${version}`],
  ['a host that is no key holder', `https://keys.example.com/keys/acr-cmk/${version}`],
])('is unknown when the identifier names %s', (_, keyIdentifier) => {
  expect(judgeIdentifier(keyIdentifier)).toMatchObject({
    outcome: 'unknown',
    reason: 'key_identifier_unusable',
  });
});

it('is unknown when there is no key at all', () => {
  expect(judge(rule, plainRegistry({ encryption: { status: 'enabled' } })).outcome).toBe('unknown');
});

describe('an identifier whose host has no known suffix', () => {
  const body = keyedRegistry({
    keyIdentifier: `https://kv-images.vault.cloud.example/keys/acr-cmk/${version}`,
  });

  it('counts where a key holder was found by its own address', () => {
    expect(judge(rule, body, { keyHolder: found(vault()) }).outcome).toBe('fail');
    expect(judge(rule, body, { keyHolder: deleted(vault()) }).outcome).toBe('fail');
  });

  it('tells nothing elsewhere', () => {
    expect(judge(rule, body, { keyHolder: notVisible }).outcome).toBe('unknown');
  });
});

it('shows the rotation as evidence, which does not decide', () => {
  const rotation = {
    keyRotationEnabled: true,
    lastKeyRotationTimestamp: '2023-12-21T23:57:34.1633437+00:00',
  };
  const keyIdentifier = `${key}/${version}`;
  const verdict = judge(rule, keyedRegistry({ keyIdentifier, ...rotation }));
  expect(verdict.outcome).toBe('fail');
  expect(verdict.evidence.values).toEqual({
    keyIdentifier,
    versionedKeyIdentifier: `${key}/${version}`,
    ...rotation,
  });
  expect(judge(rule, keyedRegistry({ keyRotationEnabled: false })).outcome).toBe('pass');
});
