import { expect, it } from 'vitest';
import type { Alert } from '../../src/domain/record/alert.ts';
import type { Versioned } from '../../src/monitor/ports/ports.ts';
import type { CurrentStore } from './contract.ts';
import { later, muchLater, now, registryAt, subscriptionAt, toAlert, toCommit } from './samples.ts';

/** Alerts until they were delivered. */
export function alertContract(current: CurrentStore): void {
  const id = registryAt(1);

  async function put(...alerts: Alert[]): Promise<Versioned<Alert>[]> {
    const stored = await current().findings.readRegistry(id);
    const guard = stored ? { etag: stored.etag } : {};
    const result = await current().findings.commit(toCommit(id, { ...guard, alerts }));
    return result.state === 'committed' ? result.alerts : [];
  }

  async function putOne(changes: Partial<Alert> = {}): Promise<Versioned<Alert>> {
    const [alert] = await put(toAlert(id, changes));
    if (!alert) throw new Error('Nothing was written');
    return alert;
  }

  it('lists pending alerts that are due, longest due first', async () => {
    await put(
      toAlert(id, { id: 'msg_late', due: muchLater }),
      toAlert(id, { id: 'msg_b', due: later }),
      toAlert(id, { id: 'msg_a', due: now, sweep: 's1', lastError: 'HTTP 500', attempts: 2 }),
      toAlert(id, { id: 'msg_dead', status: 'dead' }),
    );
    expect(await current().alerts.listSendable(later)).toStrictEqual([
      {
        ...toAlert(id, { id: 'msg_a', due: now, sweep: 's1', lastError: 'HTTP 500', attempts: 2 }),
        etag: expect.any(String),
      },
      { ...toAlert(id, { id: 'msg_b', due: later }), etag: expect.any(String) },
    ]);
    expect(await current().alerts.count()).toEqual({ pending: 3, dead: 1 });
  });

  it('lists all of a sweep that are pending and not leased, whenever they are due', async () => {
    await put(
      toAlert(id, { id: 'msg_a', sweep: "s'1", due: muchLater }),
      toAlert(id, { id: 'msg_b', sweep: "s'1", leasedUntil: later }),
      toAlert(id, { id: 'msg_c', sweep: "s'1", leasedUntil: now }),
      toAlert(id, { id: 'msg_d', sweep: 's2' }),
      toAlert(id, { id: 'msg_e', sweep: "s'1", status: 'dead' }),
      toAlert(id, { id: 'msg_f' }),
    );
    const found = await current().alerts.listSendable(now, "s'1");
    expect(found.map((alert) => alert.id).sort()).toEqual(['msg_a', 'msg_c']);
  });

  it('can be leased right after the commit, by the version that the commit gave', async () => {
    const [first, second] = await put(toAlert(id, { id: 'msg_1' }), toAlert(id, { id: 'msg_2' }));
    if (first) expect(await current().alerts.lease(first, { until: later })).toMatchObject({ id: 'msg_1' });
    if (second) expect(await current().alerts.lease(second, { until: later })).toMatchObject({ id: 'msg_2' });
  });

  it('is leased by one of many at once, and not listed until the lease is over', async () => {
    await putOne();
    const [found] = await current().alerts.listSendable(now);
    const { alerts } = current();
    const leases = await Promise.all(
      Array.from({ length: 8 }, () => found && alerts.lease(found, { until: later })),
    );
    const won = leases.filter((lease) => lease !== undefined);
    expect(won).toStrictEqual([{ ...toAlert(id), leasedUntil: later, etag: expect.any(String) }]);
    expect(await alerts.listSendable('2026-08-01T10:00:59.999Z')).toEqual([]);
    expect(await alerts.listSendable(later)).toHaveLength(1);
  });

  it('keeps the message that it was leased for, also when it is put off', async () => {
    const { alerts } = current();
    const leased = await alerts.lease(await putOne(), { until: later, roundUp: 'msg_round_up' });
    expect(leased).toMatchObject({ roundUp: 'msg_round_up', leasedUntil: later });
    expect(await alerts.listSendable(later)).toMatchObject([{ roundUp: 'msg_round_up' }]);
    if (leased) await alerts.postpone({ ...leased, due: muchLater });
    const [again] = await alerts.listSendable(muchLater);
    expect(again).toStrictEqual({
      ...toAlert(id, { roundUp: 'msg_round_up', due: muchLater }),
      etag: expect.any(String),
    });
    if (again) await alerts.lease(again, { until: later });
    expect(await alerts.listSendable(muchLater)).toMatchObject([{ roundUp: 'msg_round_up' }]);
  });

  it('is put off by whoever leased it, and free again', async () => {
    const { alerts } = current();
    const leased = await alerts.lease(await putOne(), { until: muchLater });
    if (leased) await alerts.postpone({ ...leased, attempts: 1, due: later, lastError: 'HTTP 500' });
    const [found] = await alerts.listSendable(later);
    expect(found).toStrictEqual({
      ...toAlert(id, { attempts: 1, due: later, lastError: 'HTTP 500' }),
      etag: expect.any(String),
    });
  });

  it('stays as it is when somebody who lost the lease puts it off or removes it', async () => {
    const { alerts } = current();
    const old = await putOne();
    const leased = await alerts.lease(old, { until: later });
    await alerts.postpone({ ...old, status: 'dead' });
    await alerts.remove(old);
    expect(await alerts.count()).toEqual({ pending: 1, dead: 0 });
    if (leased) await alerts.remove(leased);
    if (leased) await alerts.remove(leased);
    if (leased) await alerts.postpone(leased);
    expect(await alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('that is about a whole subscription is added without a registry, and treated as any other', async () => {
    const { alerts } = current();
    const lost = toLost('msg_lost');
    await alerts.add(lost);
    const [found] = await alerts.listSendable(now);
    expect(found).toStrictEqual({ ...lost, etag: expect.any(String) });
    expect(await alerts.listSendable(now, 's1')).toHaveLength(1);
    const leased = found && (await alerts.lease(found, { until: later }));
    if (leased) await alerts.postpone({ ...leased, status: 'dead' });
    expect(await alerts.count()).toEqual({ pending: 0, dead: 1 });
    await alerts.add(lost);
    expect(await alerts.count()).toEqual({ pending: 1, dead: 0 });
    const [again] = await alerts.listSendable(now);
    if (again) await alerts.remove(again);
    expect(await alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('dies, and stays visible', async () => {
    const { alerts } = current();
    await alerts.postpone({ ...(await putOne()), status: 'dead' });
    expect(await alerts.listSendable(muchLater)).toEqual([]);
    expect(await alerts.count()).toEqual({ pending: 0, dead: 1 });
  });
}

function toLost(id: string): Alert {
  const subscriptionId = subscriptionAt(7);
  return {
    id,
    status: 'pending',
    sink: 'webhook',
    subscriptionId,
    sweep: 's1',
    attempts: 0,
    due: now,
    payload: {
      type: 'coverage.subscription.lost',
      id,
      time: now,
      source: 'sweep',
      sweep: 's1',
      severity: 'high',
      title: 'A subscription is lost',
      remedy: 'Give the role again.',
      subscription: { id: subscriptionId, readSince: now },
    },
  };
}
