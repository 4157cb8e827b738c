import { describe, expect, it } from 'vitest';
import { diagnosticSettingBody } from '../../../simulator/tenant/diagnostic-setting-body.ts';
import { lockBody } from '../../../simulator/tenant/lock-body.ts';
import { subscription } from '../../simulator/tenant/tenant-clients.ts';
import { grantAt, healthy, identity, key, openChain, registry, vault } from '../chain-tenant.ts';

const ann = '99999999-aaaa-4bbb-8ccc-999999999999';

async function open(...args: Parameters<typeof openChain>) {
  const monitor = await openChain(...args);
  return { ...monitor, custody: (id = registry.id) => monitor.custody(id) };
}

describe('the custody of a registry', () => {
  it('names who can do what, from the key’s own scope up, and what stands on the key holder', async () => {
    const monitor = await open({
      resources: [
        ...healthy,
        grantAt(subscription, { role: 'Owner', principalId: ann, principalType: 'User' }),
        lockBody({ scope: `${subscription}/resourceGroups/rg-keys` }),
        diagnosticSettingBody({ scope: vault.id }),
      ],
    });
    expect(await monitor.custody()).toMatchObject({
      state: 'found',
      custody: {
        registryId: registry.id,
        keyHolderId: vault.id,
        authorization: 'roles',
        canUnwrap: [{ principalId: identity.principalId, identityId: identity.id }],
        canChangeAccess: [{ principalId: ann, grants: [{ role: 'Owner', scope: subscription }] }],
        canManageRegistry: [{ principalId: ann }],
        inBoth: [ann],
        deleteLock: 'yes',
        auditLog: 'yes',
        doubts: [],
      },
    });
    await monitor.react(registry.id);
    expect(await monitor.store.queries.findings({}, { limit: 10 })).toEqual({ items: [] });
  });

  it('tells what does not stand there, and what could not be read', async () => {
    const bare = await open();
    expect(await bare.custody()).toMatchObject({ custody: { deleteLock: 'no', auditLog: 'no' } });
    const actions = ['Microsoft.Authorization/locks/read', 'Microsoft.Insights/diagnosticSettings/read'];
    const hidden = await open({ unreadable: actions.map((action) => ({ scope: vault.id, action })) });
    expect(await hidden.custody()).toMatchObject({ custody: { deleteLock: 'unknown', auditLog: 'unknown' } });
  });

  it('is there even where the key is gone, and not where there is no key', async () => {
    const monitor = await open({ resources: healthy.filter((one) => one !== key) });
    expect(await monitor.custody()).toMatchObject({ state: 'found' });
    monitor.tenant.remove(vault.id);
    await monitor.react(registry.id);
    expect(await monitor.custody()).toEqual({ state: 'noKey', reason: 'key_holder_soft_deleted' });
    monitor.tenant.remove(registry.id);
    expect(await monitor.custody()).toEqual({ state: 'gone' });
  });
});
