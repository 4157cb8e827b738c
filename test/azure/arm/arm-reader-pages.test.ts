import { describe, expect, it, onTestFinished } from 'vitest';
import type { ArmAnswer, ArmRequest } from '../../../simulator/tenant/arm-answer.ts';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import type { Listed } from '../../../src/domain/estate/places.ts';
import { ReadFailure } from '../../../src/domain/estate/read-failure.ts';
import {
  type ArmFixtureOptions,
  now,
  operations,
  registry,
  startArm,
  startTestRun,
  subscription,
  subscriptionId,
  tenantId,
  toId,
  vault,
} from './arm-fixture.ts';

const lists = Object.entries(operations).filter(([name]) => name.startsWith('list'));
const registryNamed = (name: string) =>
  registryBody({ subscription, group: 'rg-images', name, location: 'westeurope' });

async function open(options: ArmFixtureOptions = {}) {
  const { tenant, reader } = await startArm(options);
  onTestFinished(() => tenant.close());
  return { tenant, reader, run: startTestRun() };
}

/** Answers pages by the value of `page` in the query; the first one has none. */
function pages(endpoint: () => string, bodies: (value: (page: string) => string) => ArmAnswer[]) {
  return ({ path, query }: ArmRequest): ArmAnswer | undefined => {
    const linkTo = (page: string) => `${endpoint()}${path}?api-version=2025-11-01&page=${page}`;
    return bodies(linkTo)[Number(query.page ?? 0)];
  };
}

function page(value: unknown, nextLink?: string | null): ArmAnswer {
  return { kind: 'json', status: 200, body: { value, nextLink } };
}

async function openPages(bodies: Parameters<typeof pages>[1]) {
  const opened = await open();
  opened.tenant.intercept(pages(() => opened.tenant.armEndpoint, bodies));
  return opened;
}

/** Reads what a list yields before it ends or breaks. */
async function readList({ reader, run }: Pick<Awaited<ReturnType<typeof open>>, 'reader' | 'run'>) {
  const items: string[] = [];
  try {
    const answer = await reader.listRegistries(subscriptionId, run);
    if (answer.state !== 'found') return { items, answer };
    for await (const listed of answer.value) items.push(toName(listed));
    return { items };
  } catch (error) {
    return { items, failure: error };
  }
}

function toName(listed: Listed<{ id: { name: string } }>): string {
  return 'item' in listed ? listed.item.id.name : `odd: ${listed.oddItem}`;
}

describe('the pages of a list', () => {
  it('are each asked for once and counted, also when empty ones come in between and at the end', async () => {
    const names = ['imagesa', 'imagesb', 'imagesc', 'imagesd', 'imagese'];
    const { tenant, reader, run } = await open({
      contents: {
        tenantId,
        subscriptions: [{ id: subscription, subscriptionId }],
        resources: names.map(registryNamed),
      },
      pageSize: 2,
      emptyPages: true,
    });
    expect(await readList({ reader, run })).toEqual({ items: names });
    expect(tenant.calls).toHaveLength(7);
    expect(run.calls).toBe(7);
  });

  it.each(lists)('are each asked for once when the first is empty: %s', async (_, { call }) => {
    const { tenant, reader, run } = await openPages((link) => [page([], link('1')), page([])]);
    await call(reader, run);
    expect(tenant.calls).toHaveLength(2);
    expect(run.calls).toBe(2);
  });

  it.each([null, '', undefined])('end where the link to the next is %j', async (nextLink) => {
    const opened = await openPages(() => [page([registry], nextLink)]);
    expect(await readList(opened)).toEqual({ items: ['images'] });
  });

  it('say when and from where each item was read, without tokens of the query', async () => {
    const { tenant, reader, run } = await openPages((link) => [
      page([], `${link('1')}&$skiptoken=secret`),
      page([registry]),
    ]);
    const answer = await reader.listRegistries(subscriptionId, run);
    const [listed] = answer.state === 'found' ? await Array.fromAsync(answer.value) : [];
    const from = `GET ${tenant.armEndpoint}${subscription}/providers/Microsoft.ContainerRegistry/registries?api-version=2025-11-01`;
    expect(listed).toMatchObject({
      item: { reading: { what: 'registry', id: subscription, at: now, from, status: 200 } },
    });
  });

  it.each(lists)('are not followed to another host, which sees no token: %s', async (_, { call, named }) => {
    const other = await open();
    const { tenant, reader, run } = await open({
      intercept: ({ path }) => page([], `${other.tenant.armEndpoint}${path}?api-version=1`),
    });
    const failure = await Promise.resolve(call(reader, run)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ReadFailure);
    expect((failure as Error).message).toMatch(/outside .* not followed/);
    expect((failure as Error).message).toContain(named);
    expect(other.tenant.calls).toEqual([]);
    expect([run.calls, tenant.calls.length]).toEqual([1, 1]);
  });

  it('are not followed over plain HTTP, where anybody could read the token', async () => {
    const opened = await openPages((link) => [page([registry], link('1').replace('https:', 'http:'))]);
    const { items, failure } = await readList(opened);
    expect(items).toEqual(['images']);
    expect(failure).toBeInstanceOf(ReadFailure);
  });

  it('are not followed in a circle', async () => {
    const opened = await openPages((link) => [
      page([registryNamed('first')], link('1')),
      page([registryNamed('second')], link('2')),
      page([registryNamed('third')], link('1')),
    ]);
    const { items, failure } = await readList(opened);
    expect(items).toEqual(['first', 'second', 'third']);
    expect(failure).toMatchObject({ name: 'ReadFailure', message: expect.stringContaining('circle') });
    expect(opened.run.calls).toBe(3);
  });

  it.each<[string, ArmAnswer]>([
    ['403', errorAnswer(403, 'AuthorizationFailed', 'no')],
    ['404 ResourceGroupNotFound', errorAnswer(404, 'ResourceGroupNotFound', 'no')],
    ['404 SubscriptionNotFound', errorAnswer(404, 'SubscriptionNotFound', 'no')],
    ['429', errorAnswer(429, 'TooManyRequests', 'no')],
    ['{}', { kind: 'json', status: 200, body: {} }],
    ['half a body', { kind: 'cut', status: 200, body: { value: [registry] } }],
  ])('fail as a list when one of them is lost (%s), after what came before it', async (_, lost) => {
    const opened = await openPages((link) => [page([registry], link('1')), lost]);
    const { items, failure } = await readList(opened);
    expect(items).toEqual(['images']);
    expect(failure).toMatchObject({ name: 'ReadFailure', message: expect.stringContaining(subscription) });
  });
});

describe('an odd item', () => {
  const { properties: _, ...withoutProperties } = registryNamed('bare');
  const { sku: __, ...withoutSku } = registryNamed('nosku');

  it('of a list of registries costs one item and is named', async () => {
    const odd = [null, 7, {}, { ...registry, id: 5 }, withoutProperties, { ...registry, id: vault.id }];
    const opened = await openPages(() => [page([registryNamed('first'), ...odd, withoutSku])]);
    expect(await readList(opened)).toEqual({
      items: [
        'first',
        ...Array(4).fill('odd: an item without id'),
        `odd: ${withoutProperties.id}`,
        `odd: ${vault.id}`,
        'nosku',
      ],
    });
  });

  it('of a list of key holders costs one item', async () => {
    const { properties: ___, ...bareVault } = vault;
    const { reader, run } = await openPages(() => [
      page([null, 7, {}, { id: registry.id }, bareVault, { ...vault, properties: { vaultUri: 5 } }]),
    ]);
    expect(await reader.listKeyHolders('vault', subscriptionId, run)).toMatchObject({
      value: [{ id: { id: vault.id } }, { id: { id: vault.id }, uri: '5' }],
    });
    expect(await reader.listDeletedKeyHolders('vault', subscriptionId, run)).toMatchObject({ value: [] });
  });

  it('of the list of subscriptions costs one item and is named', async () => {
    const odd = { id: '/subscriptions/a/b', displayName: 'Odd' };
    const { reader, run } = await openPages(() => [page([{ id: subscription, subscriptionId }, {}, odd])]);
    const reason = 'Reading subscription /subscriptions: the body lacks subscriptionId';
    expect(await reader.listSubscriptions(run)).toEqual([
      { item: { subscriptionId, displayName: subscriptionId } },
      { oddItem: 'an item without id', reason },
      { oddItem: odd.id, reason },
    ]);
  });
});

it('reads lists of a service that a subscription has never used as empty', async () => {
  const intercept = () => errorAnswer(409, 'MissingSubscriptionRegistration', 'not registered');
  const { reader, run } = await open({ intercept });
  expect(await readList({ reader, run })).toEqual({ items: [] });
  expect(await reader.listKeyHolders('managedHsm', subscriptionId, run)).toMatchObject({ value: [] });
});

it.each(['vault', 'managedHsm'] as const)(
  'can not tell whether the name of a %s is free by a subscription that does not use Key Vault',
  async (kind) => {
    const intercept = () => errorAnswer(409, 'MissingSubscriptionRegistration', 'not registered');
    const { reader, run } = await open({ intercept });
    expect(await reader.isNameFree(kind, 'kv-images', subscriptionId, run)).toBeUndefined();
    expect(run.calls).toBe(1);
  },
);

it('does not take a registry for empty where a subscription does not use its service', async () => {
  const intercept = () => errorAnswer(409, 'MissingSubscriptionRegistration', 'not registered');
  const { reader, run } = await open({ intercept });
  expect(await reader.readRegistry(toId(registry.id), run)).toMatchObject({ state: 'forbidden' });
});
