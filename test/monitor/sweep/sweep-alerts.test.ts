import { describe, expect, it } from 'vitest';
import { registryOf, vaultOf } from '../bodies.ts';
import { type MonitorOptions, startMonitor } from '../fixture.ts';

const failed = { state: 'failed', error: 'HTTP 500' } as const;
const delivered = { state: 'delivered' } as const;

function open(count: number, options: MonitorOptions = {}) {
  const resources = Array.from({ length: count }, (_, index) => registryOf(`images${index}`));
  return startMonitor({ resources, ...options });
}

describe('the alerts of a sweep', () => {
  it.each([1, 5])('are sent at its end, one by one up to five: %i', async (count) => {
    const { sweep, inbox, store } = await open(count);
    await sweep();
    expect(inbox.messages.map(({ type }) => type)).toEqual(Array(count).fill('registry.findings.changed'));
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('are one digest above five, which counts what changed by rule', async () => {
    const { sweep, inbox, store } = await open(6);
    const { sweep: name } = await sweep();
    expect(inbox.messages).toEqual([
      expect.objectContaining({
        type: 'sweep.findings.changed',
        source: 'sweep',
        sweep: name,
        registries: 6,
        omitted: 0,
        counts: [expect.objectContaining({ rule: 'acr_nocmk', transition: 'opened', count: 6 })],
      }),
    ]);
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('are held back until its end', async () => {
    const { sweep, inbox, tenant } = await open(6);
    const told: number[] = [];
    tenant.intercept(() => {
      told.push(inbox.messages.length);
      return undefined;
    });
    await sweep();
    expect(Math.max(...told)).toBe(0);
  });

  it('are only those at or above the severity of the sink', async () => {
    const { sweep, inbox } = await open(2, { minSeverity: 'critical' });
    await sweep();
    expect(inbox.messages).toEqual([]);
    const gone = registryOf('lost', { host: 'kv-purged.vault.azure.net' });
    const critical = await startMonitor({ resources: [gone, vaultOf('kv-other')], minSeverity: 'critical' });
    await critical.sweep();
    expect(critical.inbox.messages).toMatchObject([{ transitions: [{ rule: 'kv_missing' }] }]);
  });

  it('that a crash kept from being sent are due a minute after their commit, as one digest', async () => {
    const { sweep, store, followUp, inbox, clock } = await open(7);
    const { listSendable } = store.alerts;
    const crashed = Promise.withResolvers<void>();
    store.alerts.listSendable = () => {
      crashed.resolve();
      return new Promise(() => {});
    };
    void sweep();
    await crashed.promise;
    store.alerts.listSendable = listSendable;
    clock.advance(59_999);
    await followUp();
    expect(inbox.messages).toEqual([]);
    clock.advance(1);
    expect((await followUp()).alerts).toEqual({ delivered: 7, failed: 0 });
    expect(inbox.messages).toMatchObject([{ type: 'sweep.findings.changed', registries: 7 }]);
  });

  it('that a receiver refused are repeated together, with the same id', async () => {
    const { sweep, followUp, inbox, clock } = await open(6);
    inbox.answerWith(() => failed);
    await sweep();
    inbox.answerWith(() => delivered);
    clock.advance(4_999);
    await followUp();
    expect(inbox.messages).toHaveLength(1);
    clock.advance(1);
    await followUp();
    const [first, second] = inbox.messages;
    expect(inbox.messages).toHaveLength(2);
    expect(second?.id).toBe(first?.id);
  });

  it('of two sweeps do not go together', async () => {
    const { sweep, followUp, inbox, clock, tenant } = await open(4);
    inbox.answerWith(() => failed);
    await sweep();
    for (const name of ['more0', 'more1', 'more2']) tenant.put(registryOf(name));
    await sweep();
    inbox.messages.length = 0;
    inbox.answerWith(() => delivered);
    clock.advance(5_000);
    expect((await followUp()).alerts).toEqual({ delivered: 7, failed: 0 });
    expect(inbox.messages.map(({ type }) => type)).toEqual(Array(7).fill('registry.findings.changed'));
  });
});
