import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { otherId, otherSubscription, registryOf, subscriptionId, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const list = `${otherSubscription}/providers/Microsoft.ContainerRegistry/registries`;
const plain = registryOf('plain');

describe.each(['graph', 'arm'] as const)('a sweep by %s', (inventory) => {
  it('takes a subscription for read only where its registries may be listed', async () => {
    const { sweep, store, tenant, exceptions } = await startMonitor({ inventory, resources: [plain] });
    tenant.intercept(({ path }) =>
      path === list ? errorAnswer(403, 'AuthorizationFailed', 'no') : undefined,
    );
    expect(await sweep()).toMatchObject({ outcome: 'partial', registries: 1 });
    expect(exceptions).toMatchObject([{ subscriptionId: otherId, reason: 'subscription_forbidden' }]);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read' },
      { subscriptionId: otherId, state: 'unreadable' },
    ]);
  });

  it('is complete though a subscription can hold no resources at all', async () => {
    const onIt = registryOf('images', { host: 'kv-images.vault.azure.net' });
    const { sweep, store, tenant } = await startMonitor({
      inventory,
      resources: [
        onIt,
        vaultOf('kv-images', { subscription: '/subscriptions/99999999-aaaa-4bbb-8ccc-999999999999' }),
      ],
    });
    tenant.intercept(({ path }) =>
      path.startsWith(`${otherSubscription}/providers/`)
        ? errorAnswer(400, 'DisallowedOperation', 'This type of subscription is not permitted')
        : undefined,
    );
    expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 1 });
    expect(await sweep()).toMatchObject({ outcome: 'complete' });
    expect((await readView(store, onIt.id)).verdicts).toMatchObject({
      acr_nocmk: 'pass encryption_enabled',
      kv_missing: 'unknown key_holder_not_visible',
    });
  });
});
