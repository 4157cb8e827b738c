import { describe, expect, it } from 'vitest';
import { otherSubscription, registryOf, unprotected, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { holdAnswer, listAllDue, readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const vault = vaultOf('kv-images');
const plain = Array.from({ length: 6 }, (_, index) => registryOf(`plain${index}`));
const encrypted = Array.from({ length: 6 }, (_, index) =>
  registryOf(`encrypted${index}`, { host, subscription: otherSubscription }),
);
const all = [...plain, ...encrypted];
const resources = [...all, vault];

/** What was to be told, whoever told it: rule and transition by registry. */
function toTold(messages: Awaited<ReturnType<typeof startMonitor>>['inbox']['messages']): string[] {
  return messages
    .flatMap((message) => {
      if (message.type === 'sweep.findings.changed') return message.items;
      return 'registry' in message ? [message] : [];
    })
    .flatMap(({ registry, transitions }) =>
      transitions.map(({ rule, transition }) => `${registry.name} ${transition} ${rule}`),
    )
    .sort();
}

const openedPlain = plain.map(({ name }) => `${name} opened acr_nocmk`);

describe.each(['arm', 'graph'] as const)('by %s', (inventory) => {
  describe('two sweeps at once', () => {
    it('make one set of transitions and tell each once', async () => {
      const { sweep, store, inbox } = await startMonitor({ resources, inventory });
      const [first, second] = await Promise.all([sweep(), sweep()]);
      expect([first.outcome, second.outcome]).toEqual(['complete', 'complete']);
      expect(first.sweep).not.toBe(second.sweep);
      expect(first.changed + second.changed).toBe(6);
      for (const { id } of plain) expect((await readView(store, id)).history).toEqual([['opened acr_nocmk']]);
      expect(toTold(inbox.messages)).toEqual(openedPlain);
      expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
    });

    it('with events in between do no harm', async () => {
      const { sweep, react, store, tenant, inbox } = await startMonitor({ resources, inventory });
      await sweep();
      inbox.messages.length = 0;
      tenant.put(unprotected(vault));
      await Promise.all([sweep(), react(vault.id), sweep(), react(encrypted[0]?.id ?? '')]);
      for (const { id } of encrypted) {
        expect((await readView(store, id)).history).toEqual([[], ['opened kv_nopurgeprotection']]);
      }
      expect(toTold(inbox.messages)).toEqual(
        encrypted.map(({ name }) => `${name} opened kv_nopurgeprotection`),
      );
    });
  });

  describe('a sweep that is cut short', () => {
    it('by its time says so, and the next one does the rest', async () => {
      const { sweep, store, tenant, exceptions, inbox, followUp, clock } = await startMonitor({
        resources,
        inventory,
      });
      const controller = new AbortController();
      tenant.intercept(() => {
        if (tenant.calls.length === 4) controller.abort();
        return undefined;
      });
      const record = await sweep(controller.signal);
      expect(record).toMatchObject({ outcome: 'partial', endedAt: expect.any(String) });
      expect(record.assessed).toBeLessThan(12);
      expect(exceptions.length).toBeGreaterThan(0);
      tenant.intercept(undefined);
      const second = await sweep();
      expect(second.assessed).toBe(12 - record.assessed);
      for (const { id } of all) expect((await readView(store, id)).history).toHaveLength(1);
      // What the first one committed, but had no time to send, falls due by itself.
      clock.advance(60_000);
      await followUp();
      expect(toTold(inbox.messages)).toEqual(openedPlain);
    });

    it('before it begins reads nothing, closes nothing and has failed', async () => {
      const { sweep, tenant } = await startMonitor({ resources, inventory });
      expect(await sweep(AbortSignal.abort())).toMatchObject({ outcome: 'failed', assessed: 0 });
      expect(tenant.calls).toEqual([]);
    });

    it('by the death of its process leaves a record without an end, and the next one does the rest', async () => {
      const { sweep, store, tenant, clock, followUp, inbox } = await startMonitor({ resources, inventory });
      const held = holdAnswer(tenant, ({ path }) => path === vault.id);
      const dying = sweep();
      await held.arrived;
      await expect.poll(async () => (await readView(store, plain[5]?.id ?? '')).revision).toBe(1);
      tenant.intercept(undefined);
      clock.advance(1_000);
      expect(await sweep()).toMatchObject({ outcome: 'complete' });
      const { items } = await store.sweeps.listSweeps({ limit: 10 });
      expect(items.map(({ outcome }) => outcome)).toEqual(['complete', undefined]);
      for (const { id } of all) expect((await readView(store, id)).history).toHaveLength(1);
      clock.advance(60_000);
      await followUp();
      expect(toTold(inbox.messages)).toEqual(openedPlain);
      held.release();
      await dying;
      expect(toTold(inbox.messages)).toEqual(openedPlain);
    });
  });

  describe('what a sweep could not confirm', () => {
    it('is worked off by the next round of following up', async () => {
      const { sweep, followUp, store, tenant, clock } = await startMonitor({ resources, inventory });
      tenant.intercept(({ path }) =>
        path === vault.id ? { kind: 'json', status: 200, body: {} } : undefined,
      );
      expect(await sweep()).toMatchObject({ outcome: 'partial', assessed: 6, unconfirmed: 6 });
      expect(await listAllDue(store)).toHaveLength(6);
      tenant.intercept(undefined);
      clock.advance(10_000);
      expect((await followUp()).assessments).toMatchObject({ done: 6, left: 0 });
      expect(await store.due.count()).toBe(0);
      expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 0 });
    });
  });
});
