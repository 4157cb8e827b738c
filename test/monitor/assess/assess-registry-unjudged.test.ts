import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { registryOf, subscription, unprotected, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const plain = registryOf('images');
const encrypted = registryOf('images', { host });
const vault = vaultOf('kv-images');
const id = plain.id;

describe('an assessment that can not judge', () => {
  it.each(['Creating', 'Updating', 'SomethingNew'])(
    'writes nothing of a registry that is %s',
    async (state) => {
      const { assess, store, tenant } = await startMonitor({ resources: [plain] });
      await assess(id);
      tenant.put(registryOf('images', { host, state }));
      expect(await assess(id)).toEqual({ state: 'notTerminal', provisioningState: state });
      expect(await readView(store, id)).toMatchObject({ revision: 1, findings: { acr_nocmk: 'open' } });
    },
  );

  it.each([
    ['registry_forbidden', errorAnswer(403, 'AuthorizationFailed', 'no')],
    ['subscription_lost', errorAnswer(404, 'SubscriptionNotFound', 'no')],
  ] as const)('writes nothing: %s', async (reason, answer) => {
    const { assess, store, tenant } = await startMonitor({ resources: [plain] });
    await assess(id);
    tenant.intercept(() => answer);
    expect(await assess(id)).toEqual({ state: 'unreadable', reason });
    expect(await readView(store, id)).toMatchObject({ revision: 1, findings: { acr_nocmk: 'open' } });
  });

  it.each([
    ['the registry', id, {}],
    ['the vault', vault.id, { acr_nocmk: 'pass encryption_enabled' }],
    [
      'the list of vaults',
      `${subscription}/providers/Microsoft.KeyVault/vaults`,
      { acr_nocmk: 'pass encryption_enabled' },
    ],
  ])(
    'because a call for %s failed throws, having kept what rests on others, then works as before',
    async (_, path, verdicts) => {
      const { assess, store, tenant, inbox } = await startMonitor({
        resources: [encrypted, unprotected(vault)],
      });
      tenant.intercept((request) =>
        request.path === path ? { kind: 'json', status: 200, body: {} } : undefined,
      );
      for (const _ of [1, 2]) await expect(assess(id)).rejects.toMatchObject({ name: 'ReadFailure' });
      expect(await readView(store, id)).toMatchObject({ revision: Object.keys(verdicts).length, verdicts });
      expect(inbox.messages).toEqual([]);
      tenant.intercept(undefined);
      expect(await assess(id)).toMatchObject({ state: 'assessed', transitions: [{ transition: 'opened' }] });
    },
  );
});
