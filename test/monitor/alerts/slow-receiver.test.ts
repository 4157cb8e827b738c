import { expect, it } from 'vitest';
import type { Delivery } from '../../../src/monitor/ports/ports.ts';
import { registryOf, unprotected, vaultOf } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const vault = vaultOf('kv-images');
const registries = Array.from({ length: 60 }, (_, index) =>
  registryOf(`images${100 + index}`, { host: 'kv-images.vault.azure.net' }),
);

/** A monitor of sixty registries on one vault, whose receiver takes alerts only when it is let go. */
async function open() {
  const monitor = await startMonitor({ resources: [...registries, vault] });
  await monitor.sweep();
  monitor.tenant.put(unprotected(vault));
  const receiver = Promise.withResolvers<Delivery>();
  monitor.inbox.answerWith(() => receiver.promise);
  return { ...monitor, letGo: () => receiver.resolve({ state: 'delivered' }) };
}

it('a receiver that never answers holds up no assessment, and the event ends within its time', async () => {
  const { react, followUp, store, inbox, clock, letGo } = await open();
  const controller = new AbortController();
  const reaction = react(vault.id, controller.signal);
  const views = () => Promise.all(registries.map(({ id }) => readView(store, id)));
  await expect
    .poll(async () => (await views()).filter(({ findings }) => findings.kv_nopurgeprotection).length)
    .toBe(60);
  await expect.poll(() => store.due.count()).toBe(0);
  controller.abort();
  expect(await reaction).toEqual({ registries: 60, done: 60, changed: 60, left: 0 });
  expect(await store.alerts.count()).toEqual({ pending: 60, dead: 0 });

  const tried = inbox.messages.length;
  expect(tried).toBeLessThan(10);
  letGo();
  await expect.poll(() => store.alerts.count()).toEqual({ pending: 60 - tried, dead: 0 });
  expect(inbox.messages).toHaveLength(tried);
  clock.advance(59_999);
  expect((await followUp()).alerts).toEqual({ delivered: 0, failed: 0 });
  clock.advance(1);
  expect((await followUp()).alerts).toEqual({ delivered: 60 - tried, failed: 0 });
  expect(new Set(inbox.messages.map(({ id }) => id)).size).toBe(60);
  expect(inbox.messages).toHaveLength(60);
  expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
});

it('a receiver that takes its time is waited for, and gets each alert once', async () => {
  const { react, followUp, store, inbox, clock, letGo } = await open();
  const reaction = react(vault.id);
  await expect.poll(() => store.due.count()).toBe(0);
  letGo();
  expect(await reaction).toMatchObject({ done: 60, left: 0 });
  expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  clock.advance(60_000);
  await followUp();
  expect(new Set(inbox.messages.map(({ id }) => id)).size).toBe(60);
  expect(inbox.messages).toHaveLength(60);
});

it('an alert whose lease is nearly over when its turn comes is left to who takes it next', async () => {
  const { react, followUp, inbox, clock, store, letGo } = await open();
  const reaction = react(vault.id);
  await expect.poll(() => store.due.count()).toBe(0);
  const tried = inbox.messages.length;
  clock.advance(45_000);
  letGo();
  await reaction;
  expect(inbox.messages).toHaveLength(tried);
  clock.advance(15_000);
  expect((await followUp()).alerts).toEqual({ delivered: 60 - tried, failed: 0 });
});
