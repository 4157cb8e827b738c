import { describe, expect, it, onTestFinished } from 'vitest';
import { managedHsmBody, vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { subscriptionBody } from '../../../simulator/tenant/subscription-body.ts';
import type { ArmBody, UnreadableScope } from '../../../simulator/tenant/tenant-contents.ts';
import { createGraphInventory } from '../../../src/azure/graph/graph-inventory.ts';
import { parseKeyIdentifier } from '../../../src/domain/estate/key-identifier.ts';
import type { Reading } from '../../../src/domain/estate/reading.ts';
import { GraphUnavailable, type NominatedRegistry } from '../../../src/monitor/ports/azure-ports.ts';
import {
  hsm,
  registry,
  startArm,
  startTestRun,
  subscription,
  subscriptionId,
  tenantId,
  toId,
  vault,
} from '../arm/arm-fixture.ts';

const otherId = '77777777-aaaa-4bbb-8ccc-888888888888';
const reading: Reading = { what: 'graph', id: 'resources', at: '', from: 'POST', status: 200 };
const place = { tenantId, subscription, group: 'rg-keys', location: 'westeurope' };
const run = startTestRun();
const toKey = (host: string) => {
  const key = parseKeyIdentifier(`https://${host}/keys/a`);
  if (!key) throw new Error(`No host: ${host}`);
  return key;
};
const keyOf = (name: string) => toKey(`${name}.vault.azure.net`);
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `subscription-${index}`);

async function open(resources: ArmBody[], unreadable: UnreadableScope[] = []) {
  const { tenant, reader, graph } = await startArm({
    contents: {
      tenantId,
      subscriptions: [
        subscriptionBody(subscription, 'Production', tenantId),
        subscriptionBody(`/subscriptions/${otherId}`, 'Other', 'another-tenant'),
      ],
      resources,
      unreadable,
    },
  });
  onTestFinished(() => tenant.close());
  const list = async () =>
    (await Array.fromAsync(graph.listRegistries([subscriptionId, otherId], run))).flat();
  const find = (...hosts: string[]) => graph.readKeyHolders(hosts.map(toKey), [subscriptionId, otherId], run);
  return { tenant, reader, graph, list, find };
}

/** An inventory whose graph answers as it is told, and what it was asked. */
function openFake(answer: (query: string, subscriptionIds: readonly string[]) => unknown[] = () => []) {
  const asked: { query: string; subscriptionIds: readonly string[] | 'all' }[] = [];
  const inventory = createGraphInventory(async function* ask(query, subscriptionIds) {
    asked.push({ query, subscriptionIds });
    yield { rows: answer(query, [...subscriptionIds]), reading };
  }, 'AzureCloud');
  return { inventory, asked, sizes: () => asked.map(({ subscriptionIds }) => subscriptionIds.length) };
}

describe('registries in Resource Graph', () => {
  it('read as ARM reads them, with the tenant of their subscription', async () => {
    const other = { ...registry, id: registry.id.replace(subscriptionId, otherId) };
    const { list, reader } = await open([registry, other]);
    const [first, second] = await list();
    const answer = await reader.readRegistry(toId(registry.id), run);
    const read = answer.state === 'found' ? answer.value : undefined;
    const { from } = reading;
    expect(first).toEqual({
      item: {
        ...read,
        reading: expect.objectContaining({ what: 'graph', from: expect.stringContaining(from) }),
      },
      isWhole: true,
      tenantId,
    });
    expect(second).toMatchObject({ item: { id: { subscriptionId: otherId } }, tenantId: 'another-tenant' });
  });

  it.each<[string, unknown, boolean]>([
    ['absent', undefined, false],
    ['null', null, false],
    ['without a status', { keyVaultProperties: { keyIdentifier: 'https://x/keys/a' } }, false],
    ['with a status that is null', { status: null }, false],
    ['disabled', { status: 'disabled' }, true],
    ['enabled', { status: 'enabled' }, true],
    ['odd', 'enabled', true],
  ])('are whole unless the encryption is left out: %s', async (_, encryption, isWhole) => {
    const { inventory } = openFake(() => [{ id: registry.id, encryption }]);
    const [page = []] = await Array.fromAsync(inventory.listRegistries([subscriptionId], run));
    expect(page).toMatchObject([{ item: { id: { id: registry.id } }, isWhole }]);
    expect(page[0]).not.toHaveProperty('tenantId');
  });

  it('that are odd cost one row each, and are named where they can be', async () => {
    const rows = [null, 7, {}, { id: null }, { id: vault.id }, { id: registry.id, sku: 3, tenantId: 5 }];
    const { inventory } = openFake(() => rows);
    const [page = []] = await Array.fromAsync(inventory.listRegistries([subscriptionId], run));
    const toName = (row: NominatedRegistry) => ('item' in row ? row.item.id.name : row.oddItem);
    const none = 'a row without id';
    expect(page.map(toName)).toEqual([none, none, none, none, vault.id, registry.name]);
  });

  it('are asked for a thousand subscriptions at a time', async () => {
    const { inventory, asked, sizes } = openFake();
    await Array.fromAsync(inventory.listRegistries(idsOf(2_500), run));
    expect(sizes()).toEqual([1_000, 1_000, 500]);
    expect(asked.flatMap(({ subscriptionIds }) => subscriptionIds)).toEqual(idsOf(2_500));
    const none = openFake();
    await Array.fromAsync(none.inventory.listRegistries([], run));
    expect(none.asked).toEqual([]);
  });
});

describe('key holders in Resource Graph', () => {
  it('read as ARM reads them, by the host that they say is theirs', async () => {
    const own = vaultBody({ ...place, name: 'kv-own', properties: { vaultUri: 'https://keys.example/' } });
    const { find, reader } = await open([vault, hsm, own]);
    const hosts = ['kv-images.vault.azure.net', 'hsm-images.managedhsm.azure.net', 'kv-own.vault.azure.net'];
    const shown = await find(...hosts);
    expect([...shown.keys()].sort()).toEqual([hosts[1], 'keys.example', 'kv-images.vault.azure.net']);
    for (const [host = '', { id }] of [
      [hosts[0], vault],
      [hosts[1], hsm],
    ] as const) {
      const answer = await reader.readKeyHolder(toId(id), run);
      const { readings: _, ...read } = answer.state === 'found' ? answer.value : { readings: [] };
      expect(shown.get(host)).toEqual({ ...read, readings: [expect.objectContaining({ what: 'graph' })] });
    }
  });

  it('that are soft-deleted, unreadable or nowhere are left out', async () => {
    const { find, tenant } = await open([vault, hsm], [{ scope: hsm.id }]);
    tenant.remove(vault.id);
    const names = ['kv-images.vault', 'hsm-images.managedhsm', 'kv-none.vault'];
    expect((await find(...names.map((name) => `${name}.azure.net`))).size).toBe(0);
  });

  it.each(['Deleting', 'PartiallyDeleted'])(
    'that are Managed HSMs in state %s are deleted',
    async (state) => {
      const leaving = managedHsmBody({ ...place, name: 'hsm-images' }, { provisioningState: state });
      const { find } = await open([leaving]);
      const [holder] = (await find('hsm-images.managedhsm.azure.net')).values();
      expect(holder).toMatchObject({ state: 'deleted', id: hsm.id });
    },
  );

  it('are known by name where only some of them tell their host', async () => {
    const { find, tenant } = await open([vault, vaultBody({ ...place, name: 'kv-other' })]);
    tenant.graph.leftOutFor = { [vault.id]: ['properties.vaultUri'] };
    const hosts = ['kv-images.vault.azure.net', 'kv-other.vault.azure.net'];
    expect([...(await find(...hosts)).keys()].sort()).toEqual(hosts);
  });

  it('of which none tells its host can not be used', async () => {
    const { find, tenant } = await open([vault, vaultBody({ ...place, name: 'kv-other' })]);
    tenant.graph.leftOutColumns = ['properties'];
    const outcome = find('kv-images.vault.azure.net', 'kv-other.vault.azure.net');
    await expect(outcome).rejects.toBeInstanceOf(GraphUnavailable);
  });

  it('are asked for once each, a thousand at a time, and not by names that are none', async () => {
    const { inventory, asked } = openFake();
    const keys = Array.from({ length: 1_001 }, (_, index) => keyOf(`kv-${index}`));
    await inventory.readKeyHolders([...keys, ...keys, toKey('keys.example')], [subscriptionId], run);
    const names = asked.map(({ query }) => query.match(/'kv-\d+'/g) ?? []);
    expect(names.map(({ length }) => length)).toEqual([1_000, 1]);
    expect(new Set(names.flat()).size).toBe(1_001);
    expect(asked.every(({ query }) => !query.includes('keys.example'))).toBe(true);
  });

  it('are looked for in further subscriptions only while some are missing', async () => {
    const toRow = (name: string) => ({
      id: vault.id.replace('kv-images', name),
      vaultUri: `https://${name}.vault.azure.net`,
    });
    const { inventory, asked, sizes } = openFake((_, [first]) =>
      first === 'subscription-0' ? [toRow('kv-a')] : [toRow('kv-b')],
    );
    const keys = [keyOf('kv-a'), keyOf('kv-b')];
    const found = await inventory.readKeyHolders(keys, idsOf(3_000), run);
    expect([...found.keys()]).toEqual(['kv-a.vault.azure.net', 'kv-b.vault.azure.net']);
    expect(sizes()).toEqual([1_000, 1_000]);
    expect(asked.map(({ query }) => query.includes("'kv-a'"))).toEqual([true, false]);
  });

  it('are asked for nowhere when there are none', async () => {
    const { inventory, asked } = openFake();
    expect((await inventory.readKeyHolders([], [subscriptionId], run)).size).toBe(0);
    expect(asked).toEqual([]);
  });
});

describe('subscriptions in Resource Graph', () => {
  it('are those that can be read, in lower case', async () => {
    const { graph } = await open([], [{ scope: `/subscriptions/${otherId}` }]);
    const readable = await graph.listReadableSubscriptions([subscriptionId.toUpperCase(), otherId], run);
    expect([...readable]).toEqual([subscriptionId]);
  });

  it('are asked for a thousand at a time, and odd rows are left out', async () => {
    const { inventory, sizes } = openFake((_, [first]) => [
      { subscriptionId: first?.toUpperCase() },
      null,
      {},
    ]);
    const readable = await inventory.listReadableSubscriptions(idsOf(1_001), run);
    expect(sizes()).toEqual([1_000, 1]);
    expect([...readable]).toEqual(['subscription-0', 'subscription-1000']);
  });
});
