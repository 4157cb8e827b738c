import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { otherSubscription, registryOf, subscriptionId, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';

const minute = 60_000;
const at = (time: string) => `2026-08-01T${time}:00.000Z`;
const resources = [registryOf('acrone'), registryOf('acrtwo', { subscription: otherSubscription })];
const denied = errorAnswer(403, 'AuthorizationFailed', 'no');

/** A monitor that sweeps every ten minutes, from 10:00 on. */
async function start() {
  const monitor = await startMonitor({ resources });
  return {
    ...monitor,
    async sweepLater() {
      monitor.clock.advance(10 * minute);
      return monitor.sweep();
    },
    async tell(name: string) {
      const { items, notKnown } = await monitor.queries.registries({}, { limit: 10 });
      const found = items.find((one) => one.name === name);
      return {
        confirmedAt: found?.confirmedAt,
        unconfirmedSince: found?.unconfirmedSince,
        notKnown: notKnown?.map(({ code }) => code),
      };
    },
  };
}

describe('a registry', () => {
  it('is confirmed by each sweep that makes no exception of it, though nothing of it is written', async () => {
    const { sweep, sweepLater, tell } = await start();
    await sweep();
    expect(await tell('acrone')).toEqual({ confirmedAt: at('10:00') });
    await sweepLater();
    await sweepLater();
    expect(await tell('acrone')).toEqual({ confirmedAt: at('10:20') });
  });

  it('is unconfirmed since the first of the sweeps that could not read its subscription', async () => {
    const { sweep, sweepLater, tell, tenant } = await start();
    await sweep();
    await sweepLater();
    tenant.intercept(({ path }) => (path.startsWith(`${otherSubscription}/`) ? denied : undefined));
    await sweepLater();
    await sweepLater();
    expect(await tell('acrtwo')).toMatchObject({ confirmedAt: at('10:10'), unconfirmedSince: at('10:20') });
    expect(await tell('acrone')).toMatchObject({
      confirmedAt: at('10:30'),
      notKnown: ['partial', 'subscriptions_unreadable'],
    });
    tenant.intercept(undefined);
    await sweepLater();
    expect(await tell('acrtwo')).toEqual({ confirmedAt: at('10:40') });
  });

  it('is unconfirmed since sweeps fail, and an event confirms it all the same', async () => {
    const { sweep, sweepLater, tell, tenant, react, clock } = await start();
    await sweep();
    tenant.intercept(({ path }) => (path === '/subscriptions' ? denied : undefined));
    await sweepLater();
    await sweepLater();
    expect(await tell('acrone')).toMatchObject({
      confirmedAt: at('10:00'),
      unconfirmedSince: at('10:10'),
      notKnown: ['failed'],
    });
    clock.advance(minute);
    tenant.put(registryOf('acrone', { host: 'kv-far.vault.azure.net' }));
    await react(registryOf('acrone').id);
    expect(await tell('acrone')).toMatchObject({ confirmedAt: at('10:21'), unconfirmedSince: undefined });
  });

  it('can be found by what a rule says of it', async () => {
    const { sweep, queries, tenant } = await start();
    tenant.put(vaultOf('kv-shut'));
    tenant.put(registryOf('acrfar', { host: 'kv-shut.vault.azure.net' }));
    tenant.intercept(({ path }) => (/vaults\/kv-shut/i.test(path) ? denied : undefined));
    await sweep();
    const names = async (outcome: 'fail' | 'unknown') =>
      (await queries.registries({ outcome: [outcome] }, { limit: 10 })).items.map(({ name }) => name);
    expect((await names('fail')).sort()).toEqual(['acrone', 'acrtwo']);
    expect(await names('unknown')).toEqual(['acrfar']);
  });
});

it('coverage and exceptions are no all-clear before the first sweep', async () => {
  const { queries } = await start();
  const page = { limit: 10 };
  for (const told of [await queries.coverage([], page), await queries.exceptions(page)])
    expect(told).toMatchObject({ items: [], notKnown: [{ code: 'never_swept' }] });
});

describe('findings', () => {
  it('carry what people call their registry', async () => {
    const { sweep, queries } = await start();
    await sweep();
    const { items } = await queries.findings({ registry: ['acrone'] }, { limit: 10 });
    expect(items).toMatchObject([
      {
        name: 'acrone',
        subscriptionId,
        subscriptionName: 'Production',
        title: expect.stringMatching(/ /),
        portalUrl: `https://portal.azure.com/#resource${registryOf('acrone').id}`,
      },
    ]);
  });

  it('of a registry that nobody has seen are no all-clear', async () => {
    const { sweep, queries } = await start();
    await sweep();
    const none = await queries.findings({ registry: ['acrnone'] }, { limit: 10 });
    expect(none).toMatchObject({ items: [], notKnown: [{ code: 'registry_never_assessed' }] });
    const resolved = await queries.findings({ registry: ['acrone'], status: ['resolved'] }, { limit: 10 });
    expect(resolved).toEqual({ items: [] });
  });
});
