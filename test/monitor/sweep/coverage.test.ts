import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import type { EventsState } from '../../../src/monitor/ports/ports.ts';
import { hiddenId, otherId, otherSubscription, registryOf, subscription, subscriptionId } from '../bodies.ts';
import { type Monitor, type MonitorOptions, startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const plain = registryOf('plain');
const other = registryOf('other', { subscription: otherSubscription });
const notFound = errorAnswer(404, 'SubscriptionNotFound', 'no');
const minute = 60_000;

/** Takes the other subscription out of sight, or back into it. */
function setSight({ tenant }: Pick<Monitor, 'tenant'>, isInSight: boolean): void {
  tenant.intercept(({ path }) => {
    if (isInSight) return undefined;
    if (path.startsWith(otherSubscription)) return notFound;
    const value = [{ id: subscription, subscriptionId }];
    return path === '/subscriptions' ? { kind: 'json', status: 200, body: { value } } : undefined;
  });
}

describe.each(['arm', 'graph'] as const)('a subscription in a sweep by %s', (inventory) => {
  /** A monitor that has swept once, a minute ago, and whose alerts so far are forgotten. */
  async function open(options: MonitorOptions = {}) {
    const monitor = await startMonitor({ resources: [plain, other], inventory, ...options });
    await monitor.sweep();
    monitor.inbox.messages.length = 0;
    monitor.clock.advance(minute);
    return { ...monitor, lose: () => setSight(monitor, false), giveBack: () => setSight(monitor, true) };
  }

  it('that is lost raises one alert, however many sweeps miss it, and nothing of it changes', async () => {
    const { sweep, lose, store, inbox, clock, exceptions, lines } = await open();
    lose();
    for (const _ of ['first', 'second', 'third']) {
      expect(await sweep()).toMatchObject({
        outcome: 'partial',
        subscriptions: 1,
        registries: 1,
        assessed: 0,
      });
      clock.advance(minute);
    }
    expect(inbox.messages).toEqual([
      {
        type: 'coverage.subscription.lost',
        id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
        time: '2026-08-01T10:01:00.000Z',
        source: 'sweep',
        sweep: expect.any(String),
        severity: 'high',
        title: expect.any(String),
        remedy: expect.stringContaining(`acr-cmk forget ${otherId}`),
        subscription: { id: otherId, readSince: '2026-08-01T10:00:00.000Z' },
      },
    ]);
    expect(exceptions).toHaveLength(3);
    expect(exceptions[2]).toMatchObject({ subscriptionId: otherId, reason: 'subscription_lost' });
    expect(lines).toHaveLength(3);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read' },
      { subscriptionId: otherId, state: 'lost', since: '2026-08-01T10:01:00.000Z' },
    ]);
    expect(await readView(store, other.id)).toMatchObject({
      state: 'present',
      findings: { acr_nocmk: 'open' },
    });
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('that is back is read again, tells nothing, and keeps when it was first seen', async () => {
    const { sweep, lose, giveBack, store, inbox, clock } = await open();
    lose();
    await sweep();
    giveBack();
    clock.advance(minute);
    expect(await sweep()).toMatchObject({ outcome: 'complete', registries: 2, assessed: 0 });
    expect(inbox.messages).toHaveLength(1);
    expect((await store.sweeps.listSubscriptions())[1]).toMatchObject({
      subscriptionId: otherId,
      state: 'read',
      since: '2026-08-01T10:02:00.000Z',
      firstSeen: '2026-08-01T10:00:00.000Z',
    });
  });

  it('that is lost a second time raises another alert', async () => {
    const { sweep, lose, giveBack, inbox, clock } = await open();
    for (const change of [lose, giveBack, lose]) {
      change();
      await sweep();
      clock.advance(minute);
    }
    expect(inbox.messages).toMatchObject([
      { subscription: { readSince: '2026-08-01T10:00:00.000Z' } },
      { subscription: { readSince: '2026-08-01T10:02:00.000Z' } },
    ]);
    expect(inbox.messages[0]?.id).not.toBe(inbox.messages[1]?.id);
  });

  it('whose loss could not be written down raises the same alert again', async () => {
    const { sweep, lose, store, inbox } = await open();
    const { putSubscription } = store.sweeps;
    // A process that dies between the alert and the state.
    store.sweeps.putSubscription = () => Promise.reject(new Error('the store is away'));
    lose();
    expect(await sweep()).toMatchObject({ outcome: 'failed' });
    store.sweeps.putSubscription = putSubscription;
    await sweep();
    const [first, second, ...more] = inbox.messages;
    expect(more).toEqual([]);
    expect(second?.id).toBe(first?.id);
  });

  it('that is lost raises no alert where only worse is to be told', async () => {
    const { sweep, lose, store, inbox } = await open({ minSeverity: 'critical' });
    lose();
    await sweep();
    expect(inbox.messages).toEqual([]);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{}, { state: 'lost' }]);
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('that is lost while much else changes is told apart from the digest', async () => {
    const { sweep, lose, tenant, inbox } = await open();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) tenant.put(registryOf(`images${name}`));
    lose();
    await sweep();
    expect(inbox.messages.map(({ type }) => type).sort()).toEqual([
      'coverage.subscription.lost',
      'sweep.findings.changed',
    ]);
  });

  it('that is named but was never seen is an exception of each sweep, and no alert', async () => {
    const { sweep, inbox, exceptions, store } = await open({ subscriptionIds: [subscriptionId, hiddenId] });
    await sweep();
    expect(exceptions).toMatchObject([
      { subscriptionId: hiddenId, reason: 'subscription_lost' },
      { subscriptionId: hiddenId, reason: 'subscription_lost' },
    ]);
    expect(inbox.messages).toEqual([]);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read' },
      { subscriptionId: hiddenId, state: 'lost', since: '2026-08-01T10:00:00.000Z' },
    ]);
  });

  it('that was forgotten is not missed, and is read again once it is back', async () => {
    const { sweep, forget, lose, giveBack, store, inbox, clock } = await open();
    lose();
    await sweep();
    await forget(otherId);
    inbox.messages.length = 0;
    clock.advance(minute);
    expect(await sweep()).toMatchObject({ outcome: 'complete', subscriptions: 1, rowsWritten: 1 });
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{}, { state: 'forgotten' }]);
    giveBack();
    expect(await sweep()).toMatchObject({ outcome: 'complete', subscriptions: 2, assessed: 1, changed: 1 });
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      {},
      { state: 'read', firstSeen: '2026-08-01T10:00:00.000Z' },
    ]);
    expect(inbox.messages).toMatchObject([{ transitions: [{ rule: 'acr_nocmk' }] }]);
  });

  it('that is empty is read, and one that may not be read is unreadable: nothing of it is closed', async () => {
    const { store } = await open();
    const blind = await startMonitor({
      resources: [other],
      inventory,
      store,
      unreadable: [{ scope: otherSubscription }],
    });
    const record = await blind.sweep();
    expect(record).toMatchObject({ outcome: 'partial', subscriptions: 2, registries: 0 });
    expect(blind.exceptions).toMatchObject([{ subscriptionId: otherId, reason: 'subscription_forbidden' }]);
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read' },
      { subscriptionId: otherId, state: 'unreadable' },
    ]);
    expect((await readView(store, plain.id)).state).toBe('gone');
    expect(await readView(store, other.id)).toMatchObject({
      state: 'present',
      findings: { acr_nocmk: 'open' },
    });
  });
});

describe('whether events come from a subscription', () => {
  async function open(events: (id: string) => EventsState) {
    const asked: string[] = [];
    const readEvents = async (id: string) => {
      asked.push(id);
      return events(id);
    };
    const monitor = await startMonitor({ resources: [], readEvents });
    return { ...monitor, asked };
  }

  it('is told of each that was read, counted by the sweep, and looked at again a day later', async () => {
    const { sweep, store, clock, asked } = await open((id) => (id === otherId ? 'missing' : 'subscribed'));
    expect(await sweep()).toMatchObject({ outcome: 'complete', withoutEvents: 1 });
    const records = () => store.sweeps.listSubscriptions();
    const at = clock.now().toISOString();
    expect(await records()).toContainEqual(
      expect.objectContaining({
        subscriptionId: otherId,
        state: 'read',
        events: 'missing',
        eventsCheckedAt: at,
      }),
    );
    expect(asked.sort()).toEqual([subscriptionId, otherId].sort());
    clock.advance(3_600_000);
    const before = await records();
    expect(await sweep()).toMatchObject({ withoutEvents: 1 });
    expect(asked).toHaveLength(2);
    expect(await records()).toEqual(before);
    clock.advance(86_400_000);
    await sweep();
    expect(asked).toHaveLength(4);
    expect((await records()).map(({ since }) => since)).toEqual(before.map(({ since }) => since));
  });

  it('is unknown where it can’t be read, which takes nothing from the sweep', async () => {
    const { sweep, store } = await open(() => 'unknown');
    expect(await sweep()).toMatchObject({ outcome: 'complete', withoutEvents: 0 });
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { events: 'unknown' },
      { events: 'unknown' },
    ]);
  });
});
