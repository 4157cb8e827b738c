import { expect, it } from 'vitest';
import { hsmOf, registryOf, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const next = 'kv-next.vault.azure.net';

it.each(['graph', 'arm'] as const)(
  'a key that moved to another vault, with equal verdicts and its event lost, is followed by a sweep by %s',
  async (inventory) => {
    const resources = [
      registryOf('images', { host }),
      vaultOf('kv-images'),
      vaultOf('kv-next'),
      hsmOf('unused'),
    ];
    const { sweep, store, tenant } = await startMonitor({ inventory, resources });
    await sweep();
    const moved = registryOf('images', { host: next });
    tenant.put(moved);
    expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 1, changed: 0 });
    expect(await store.findings.listLinks('kv-')).toMatchObject([{ holderHost: next }]);
    expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
  },
);

it('a registry made anew has findings of its own, whatever its first verdicts are', async () => {
  const { sweep, store, tenant, clock } = await startMonitor({ resources: [registryOf('images')] });
  await sweep();
  clock.advance(60_000);
  const createdAt = clock.now().toISOString();
  const remade = { host, createdAt };
  tenant.put(vaultOf('kv-images'));
  tenant.put(registryOf('images', remade));
  await sweep();
  clock.advance(60_000);
  tenant.put(registryOf('images', { createdAt }));
  await sweep();
  const { id } = registryOf('images');
  expect((await readView(store, id)).history.at(-1)).toEqual(['opened acr_nocmk']);
  const { items } = await store.queries.findings({ rule: ['acr_nocmk'] }, { limit: 10 });
  expect(items).toMatchObject([{ status: 'open', firstSeen: '2026-08-01T10:02:00.000Z' }]);
});
