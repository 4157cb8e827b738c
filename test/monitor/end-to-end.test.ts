import { expect, it, onTestFinished } from 'vitest';
import { startAzurite } from '../../simulator/demo/azurite.ts';
import { startWebhookReceiver } from '../../simulator/demo/webhook-receiver.ts';
import { createSink } from '../../src/alerts/sinks.ts';
import { createTableStore } from '../../src/store/table-store.ts';
import { registryOf, unprotected, vaultOf } from './bodies.ts';
import { startMonitor } from './fixture.ts';
import { holdAnswer, readView } from './views.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const host = 'kv-images.vault.azure.net';
const vault = vaultOf('kv-images');
const registries = Array.from({ length: 12 }, (_, index) => registryOf(`images${100 + index}`, { host }));
const [first = registryOf('none')] = registries;

/** A monitor on Table Storage that posts its alerts, to a receiver that answers as it is told. */
async function open(answer: () => { status: number } = () => ({ status: 204 })) {
  const azurite = await startAzurite();
  onTestFinished(() => azurite.close());
  const receiver = await startWebhookReceiver({ secret, answer });
  onTestFinished(() => receiver.close());
  const sink = createSink({
    name: 'webhook',
    url: receiver.url,
    secret,
    minSeverity: 'low',
    now: () => new Date(),
  });
  const store = createTableStore(azurite);
  const monitor = await startMonitor({ resources: [...registries, vault], store, sink });
  return { ...monitor, receiver };
}

it('sweeps, hears of a vault, tells once in a signed message each, and forgets nothing', async () => {
  const { sweep, react, followUp, tenant, store, receiver, clock } = await open();
  expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 12, changed: 0 });
  tenant.put(unprotected(vault));
  const reactions = await Promise.all([react(vault.id), react(vault.id), react(first.id)]);
  expect(reactions.reduce((sum, { changed }) => sum + changed, 0)).toBe(12);
  expect(new Set(receiver.deliveries.map(({ id }) => id)).size).toBe(12);
  expect(receiver.deliveries.every(({ valid, attempt }) => valid && attempt === 1)).toBe(true);
  clock.advance(60_000);
  expect(await followUp()).toMatchObject({ alerts: { delivered: 0, failed: 0 } });
  expect([await store.due.count(), await store.alerts.count()]).toEqual([0, { pending: 0, dead: 0 }]);
  for (const { id } of registries) {
    expect((await readView(store, id)).history).toEqual([[], ['opened kv_nopurgeprotection']]);
  }
  expect(await sweep()).toMatchObject({ outcome: 'complete', assessed: 0, rowsWritten: 1 });
});

it('repeats what a receiver refused, as one digest of the sweep', async () => {
  let status = 500;
  const { sweep, followUp, tenant, store, receiver, clock } = await open(() => ({ status }));
  tenant.put(unprotected(vault));
  await sweep();
  status = 200;
  clock.advance(5_000);
  expect((await followUp()).alerts).toEqual({ delivered: 12, failed: 0 });
  expect(receiver.deliveries).toMatchObject([
    { attempt: 1, valid: true, body: { type: 'sweep.findings.changed', registries: 12 } },
    { attempt: 2, valid: true, body: { type: 'sweep.findings.changed', registries: 12 } },
  ]);
  expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
});

it.each([
  ['registry', first.id],
  ['vault', vault.id],
])('does not let an older reading of the %s win over a newer one that changed nothing', async (_, heldId) => {
  const { sweep, assess, tenant, store } = await open();
  await sweep();
  const before = await readView(store, first.id);
  // The older reading sees a state that was over before the newer one began.
  tenant.put(heldId === vault.id ? unprotected(vault) : registryOf(first.name ?? ''));
  const held = holdAnswer(tenant, ({ path }) => path === heldId);
  const older = assess(first.id);
  await held.arrived;
  tenant.put(vault);
  tenant.put(first);
  expect(await assess(first.id)).toEqual({ state: 'assessed', transitions: [] });
  held.release();
  expect(await older).toEqual({ state: 'assessed', transitions: [] });
  expect(await readView(store, first.id)).toEqual({ ...before, revision: 3 });
});
