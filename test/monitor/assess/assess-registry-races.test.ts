import { describe, expect, it } from 'vitest';
import type { ArmBody } from '../../../simulator/tenant/tenant-contents.ts';
import { toResourceKey } from '../../../src/domain/estate/resource-id.ts';
import { registryOf, unprotected, vaultOf } from '../bodies.ts';
import { type Monitor, startMonitor, startRun, toId } from '../fixture.ts';
import { holdAnswer, readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const plain = registryOf('images');
const encrypted = registryOf('images', { host });
const vault = vaultOf('kv-images');
const id = plain.id;

/**
 * Holds the answer of the first assessment about a resource, lets a second one begin and end after a change, and
 * then lets the first one go on with what it read before.
 */
async function race(
  monitor: Monitor,
  heldId: string,
  change: () => void,
  first: () => Promise<unknown> = () => monitor.assess(id),
) {
  const held = holdAnswer(monitor.tenant, ({ path }) => path.toLowerCase() === heldId.toLowerCase());
  const older = first();
  await held.arrived;
  change();
  await monitor.assess(id);
  const second = await readView(monitor.store, id);
  held.release();
  await older;
  return { second, end: await readView(monitor.store, id) };
}

describe('an older reading that is still under way when a newer one ends', () => {
  const failing = { kv_nopurgeprotection: 'fail purge_protection_off' };

  it.each<[string, string, ArmBody[], ArmBody, Record<string, string>]>([
    ['registry', id, [plain], encrypted, { acr_nocmk: 'pass encryption_enabled' }],
    ['registry that failed later', id, [encrypted], plain, { acr_nocmk: 'fail encryption_disabled' }],
    ['vault', vault.id, [encrypted, vault], unprotected(vault), failing],
  ])(
    'does not win when it was of the %s and a verdict changed',
    async (_, heldId, resources, changed, verdicts) => {
      const monitor = await startMonitor({ resources: [vault, ...resources] });
      await monitor.assess(id);
      const { second, end } = await race(monitor, heldId, () => monitor.tenant.put(changed));
      expect(second.verdicts).toMatchObject(verdicts);
      expect(end.verdicts).toEqual(second.verdicts);
      expect(end.history).toEqual(second.history);
      expect(end.revision).toBe(3);
    },
  );

  it.each([
    ['registry', id],
    ['vault', vault.id],
  ])(
    'does not win when the newer one found again what was stored, which the held answer of the %s denies',
    async (_, heldId) => {
      const good = [encrypted, vault];
      const bad = heldId === id ? plain : unprotected(vault);
      const monitor = await startMonitor({ resources: good });
      await monitor.assess(id);
      const stored = await readView(monitor.store, id);
      monitor.tenant.put(bad);
      const { second, end } = await race(monitor, heldId, () => {
        for (const body of good) monitor.tenant.put(body);
      });
      expect(second.verdicts).toEqual(stored.verdicts);
      expect(end).toMatchObject({ verdicts: stored.verdicts, history: stored.history, findings: {} });
      expect(monitor.inbox.messages).toEqual([]);
    },
  );

  it('does not bring back a registry that is gone by then', async () => {
    const monitor = await startMonitor({ resources: [plain] });
    await monitor.assess(id);
    const { second, end } = await race(monitor, id, () => monitor.tenant.remove(id));
    expect(second.state).toBe('gone');
    expect(end).toMatchObject({ state: 'gone', history: second.history });
  });

  it('does not close a registry that was created by then', async () => {
    const monitor = await startMonitor();
    const { second, end } = await race(monitor, id, () => monitor.tenant.put(plain));
    expect(second).toMatchObject({ state: 'present', findings: { acr_nocmk: 'open' } });
    expect(end).toMatchObject({ state: 'present', findings: { acr_nocmk: 'open' }, history: second.history });
  });

  it('of the registry before it was created anew does not win', async () => {
    const monitor = await startMonitor({ resources: [plain] });
    await monitor.assess(id);
    const anew = registryOf('images', { host, createdAt: '2026-08-01T09:00:00Z' });
    const { second, end } = await race(monitor, id, () => {
      monitor.tenant.put(vault);
      monitor.tenant.put(anew);
    });
    expect(end).toMatchObject({ verdicts: second.verdicts, history: second.history });
    expect(end.findings).toEqual({ acr_nocmk: 'closed' });
  });
});

describe('a key holder that was read for several registries together', () => {
  const others = ['aaa', 'bbb'].map((name) => registryOf(name, { host }));

  it.each([
    ['by an event on it', (monitor: Monitor) => monitor.react(vault.id)],
    ['by a sweep', (monitor: Monitor) => monitor.sweep()],
    ['by due assessments', (monitor: Monitor) => monitor.followUp()],
  ])('%s does not win over a newer reading', async (_, first) => {
    const monitor = await startMonitor({ resources: [encrypted, ...others, vault] });
    const ids = [encrypted, ...others].map((body) => body.id);
    for (const each of ids) await monitor.assess(each);
    const due = { reason: 'test', due: monitor.clock.now().toISOString(), tries: 0 };
    await monitor.store.due.put(ids.map((registryId) => ({ registryId, ...due })));
    monitor.tenant.put(unprotected(vault));
    const { second, end } = await race(
      monitor,
      vault.id,
      () => monitor.tenant.put(vault),
      () => first(monitor),
    );
    expect(second.verdicts.kv_nopurgeprotection).toBe('pass purge_protection_on');
    expect(end).toMatchObject({ verdicts: second.verdicts, history: second.history });
    // The others were nobody else's meanwhile: what was read for them is the newest there is.
    const { verdicts } = await readView(monitor.store, others[0]?.id ?? '');
    expect(verdicts.kv_nopurgeprotection).toBe('fail purge_protection_off');
  });

  it('is read again by whoever lost a race, not taken from what was shared', async () => {
    const monitor = await startMonitor({ resources: [encrypted, unprotected(vault)] });
    const run = startRun();
    const shared = {
      reader: monitor.createReader(run),
      strong: monitor.azure,
      etags: new Map<string, string>(),
    };
    const held = holdAnswer(monitor.tenant, ({ path }) => path === vault.id);
    const older = monitor.assess(id, { run, shared });
    await held.arrived;
    monitor.tenant.put(vault);
    await monitor.assess(id);
    held.release();
    await older;
    expect((await readView(monitor.store, id)).verdicts.kv_nopurgeprotection).toBe(
      'pass purge_protection_on',
    );
  });
});

describe('a list of registries that several assessments share', () => {
  it.each([
    ['first seen', 0],
    ['known', 1],
  ])('counts for nothing where a %s registry was assessed since its version was taken', async (_, before) => {
    const monitor = await startMonitor({ resources: [plain] });
    for (let times = 0; times < before; times += 1) await monitor.assess(id);
    const run = startRun();
    const marks = await Array.fromAsync(monitor.store.findings.listMarks());
    const etags = new Map(marks.map(({ registryId, etag }) => [toResourceKey(toId(registryId)), etag]));
    const listed = await monitor.azure.readRegistry(toId(id), run);
    monitor.tenant.put(encrypted);
    monitor.tenant.put(vault);
    await monitor.assess(id);
    const strong = { readRegistry: async () => listed };
    await monitor.assess(id, { run, shared: { reader: monitor.createReader(run), strong, etags } });
    expect((await readView(monitor.store, id)).verdicts.acr_nocmk).toMatch(/^pass/);
  });
});

describe('assessments of one registry at once', () => {
  it('that react to the same event five times make one set of transitions and one alert', async () => {
    const { react, store, inbox } = await startMonitor({ resources: [plain] });
    await Promise.all(Array.from({ length: 5 }, () => react(id)));
    expect(await readView(store, id)).toMatchObject({ history: [['opened acr_nocmk']], revision: 5 });
    expect(inbox.messages).toHaveLength(1);
    expect(await store.alerts.count()).toEqual({ pending: 0, dead: 0 });
  });

  it('that react to events on registry, vault and a sweep make one set of transitions and one alert', async () => {
    const { react, sweep, store, inbox } = await startMonitor({ resources: [encrypted, unprotected(vault)] });
    await react(id);
    inbox.messages.length = 0;
    await Promise.all([react(id), react(vault.id), sweep(), react(id), react(vault.id)]);
    expect((await readView(store, id)).history).toEqual([['opened kv_nopurgeprotection']]);
    expect(inbox.messages).toEqual([]);
  });

  it('give up after ten lost races, and leave the assessment due', async () => {
    const { react, store } = await startMonitor({ resources: [plain] });
    const { commit } = store.findings;
    store.findings.commit = async () => ({ state: 'lostRace' });
    expect(await react(id)).toMatchObject({ left: 1, reason: expect.stringContaining('by others 10 times') });
    store.findings.commit = commit;
    expect(await store.findings.readRegistry(toId(id))).toBeUndefined();
  });
});
