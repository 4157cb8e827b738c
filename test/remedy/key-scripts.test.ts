import { describe, expect, it } from 'vitest';
import { callsOf, expectOrder } from './calls.ts';
import { ids, names } from './postures.ts';

describe('the key', () => {
  it.each([
    ['user', `--identity ${names.identityId}`],
    ['system', '--identity [system]'],
    ['detachedUser', `--identity ${ids.client}`],
  ] as const)('unpins with the registry’s own identity: %s', (identity, words) => {
    const [call] = callsOf('key_pinned', { isPinned: true, identity });
    expect(call).toMatch(/^acr encryption rotate-key --name acrimages /);
    expect(call).toContain('--key-encryption-key https://kv-images.vault.azure.net/keys/acr-cmk --identity');
    expect(call).toContain(words);
  });

  it.each(['key_expiring', 'key_old', 'key_weak'])(
    'moves a pinned registry after the new version, and no other: %s',
    (rule) => {
      const pinned = callsOf(rule, { isPinned: true });
      expect(pinned.at(-1)).toMatch(/^acr encryption rotate-key/);
      expect(pinned.at(-2)).toMatch(/^keyvault key (create|rotate)/);
      expect(callsOf(rule).some((call) => call.includes('rotate-key'))).toBe(false);
    },
  );

  it('keeps length and operations of an expiring key, and makes a weak one longer', () => {
    expect(callsOf('key_expiring')[0]).toContain(
      '--kty RSA --size 3072 --ops encrypt unwrapKey wrapKey --expires 2028-08-01T00:00:00Z',
    );
    expect(callsOf('key_weak')[0]).toContain('--size 4096');
    expect(callsOf('key_weak', { holder: 'managedHsm' })[0]).toContain('--kty RSA-HSM');
  });

  it.each([
    ['key_disabled', { attributes: { enabled: false } }, `--version ${ids.version} --enabled true`],
    [
      'key_not_yet_valid',
      { attributes: { enabled: true, notBefore: 1_900_000_000 } },
      '--not-before 2026-08-01T06:00:00Z',
    ],
    ['key_operations_missing', { keyOps: ['sign', 'wrapKey'] }, '--ops sign unwrapKey wrapKey'],
  ])('mends %s in place', (reason, key, words) => {
    const [call] = callsOf('key_unusable', { key }, reason);
    expect(call).toMatch(/^keyvault key set-attributes --vault-name kv-images /);
    expect(call).toContain(words);
  });

  it('mends several faults by one command', () => {
    const key = { attributes: { enabled: false, notBefore: 1_900_000_000 } };
    expect(callsOf('key_unusable', { key }, 'key_disabled')).toHaveLength(1);
  });

  it('recovers a deleted key, renews an expired one, replaces one that is no RSA key', () => {
    expectOrder(
      callsOf('key_unusable', {}, 'key_gone'),
      'keyvault key recover --vault-name kv-images',
      'role assignment create',
    );
    expectOrder(
      callsOf('key_unusable', { isPinned: true }, 'key_expired'),
      'keyvault key create',
      'acr encryption rotate-key',
    );
    expectOrder(
      callsOf('key_unusable', { key: { kty: 'EC' } }, 'key_not_rsa'),
      'keyvault key create',
      'role assignment create',
      'acr encryption rotate-key',
    );
  });

  it('uses a key holder in its own subscription everywhere', () => {
    for (const rule of ['key_expiring', 'key_old', 'key_weak', 'key_unusable']) {
      for (const call of callsOf(rule).filter((one) => one.startsWith('keyvault')))
        expect(call).toContain(`--subscription ${names.keyHolderSubscription}`);
    }
  });
});
