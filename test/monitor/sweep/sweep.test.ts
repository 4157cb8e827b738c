import { describe, expect, it } from 'vitest';
import {
  hiddenId,
  otherId,
  otherSubscription,
  registryOf,
  subscriptionId,
  unprotected,
  vaultOf,
} from '../bodies.ts';
import { startMonitor, toId } from '../fixture.ts';
import { listAllDue, listCalls, readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const plain = registryOf('plain');
const encrypted = registryOf('encrypted', { host });
const vault = vaultOf('kv-images');
const elsewhere = registryOf('elsewhere', { subscription: otherSubscription, host });
const resources = [plain, encrypted, vault, elsewhere];
const day = 86_400_000;

describe('a first sweep', () => {
  it('assesses every registry of every subscription in sight, and says what it did', async () => {
    const { sweep, store, tenant, exceptions } = await startMonitor({ resources });
    const record = await sweep();
    expect(record).toMatchObject({
      outcome: 'complete',
      startedAt: '2026-08-01T10:00:00.000Z',
      endedAt: '2026-08-01T10:00:00.000Z',
      subscriptions: 2,
      registries: 3,
      assessed: 3,
      changed: 1,
      unconfirmed: 0,
      calls: tenant.calls.length,
    });
    expect((await store.sweeps.listSweeps({ limit: 10 })).items).toEqual([record]);
    expect(exceptions).toEqual([]);
    for (const { id } of [plain, encrypted, elsewhere]) {
      expect(await store.findings.readRegistry(toId(id))).toMatchObject({ revision: 1, source: 'sweep' });
    }
  });

  it('reads a key holder once, whoever hangs on it', async () => {
    const { sweep, tenant } = await startMonitor({ resources });
    await sweep();
    expect(listCalls(tenant).filter((call) => call === 'vaults/kv-images')).toHaveLength(1);
  });

  it('follows pages, empty ones too', async () => {
    const many = Array.from({ length: 7 }, (_, index) => registryOf(`images${index}`));
    const { sweep } = await startMonitor({ resources: many, pageSize: 2, emptyPages: true });
    expect(await sweep()).toMatchObject({ outcome: 'complete', registries: 7, assessed: 7 });
  });

  it('remembers since when each subscription is read', async () => {
    const { sweep, store, clock } = await startMonitor({ resources });
    await sweep();
    clock.advance(60_000);
    await sweep();
    const at = '2026-08-01T10:00:00.000Z';
    expect(await store.sweeps.listSubscriptions()).toMatchObject([
      { subscriptionId, state: 'read', since: at, firstSeen: at },
      { subscriptionId: otherId, state: 'read', since: at, firstSeen: at },
    ]);
  });

  it('of a tenant without subscriptions is complete', async () => {
    const { sweep } = await startMonitor({ subscriptions: [] });
    expect(await sweep()).toMatchObject({ outcome: 'complete', subscriptions: 0, registries: 0 });
  });
});

describe('a later sweep', () => {
  it('assesses nothing and writes only its own row where nothing has changed', async () => {
    const { sweep, store, tenant, clock } = await startMonitor({ resources });
    await sweep();
    const before = await store.findings.readRegistry(toId(encrypted.id));
    const since = tenant.calls.length;
    clock.advance(day - 60_000);
    expect(await sweep()).toMatchObject({
      outcome: 'complete',
      registries: 3,
      assessed: 0,
      changed: 0,
      rowsWritten: 1,
      calls: 4,
    });
    expect(listCalls(tenant, since).some((call) => call.startsWith('registries/'))).toBe(false);
    expect(await store.findings.readRegistry(toId(encrypted.id))).toEqual(before);
  });

  it('assesses only whose verdicts differ from what is stored, by the list that shows them', async () => {
    const { sweep, store, tenant } = await startMonitor({ resources });
    await sweep();
    tenant.put(registryOf('plain', { host }));
    const since = tenant.calls.length;
    expect(await sweep()).toMatchObject({ assessed: 1, changed: 1 });
    expect(listCalls(tenant, since).filter((call) => call.startsWith('registries/'))).toEqual([]);
    expect((await readView(store, plain.id)).findings).toEqual({ acr_nocmk: 'resolved' });
  });

  it('notices what no event told of a vault', async () => {
    const { sweep, store, tenant } = await startMonitor({ resources });
    await sweep();
    tenant.put(unprotected(vault));
    expect(await sweep()).toMatchObject({ assessed: 2, changed: 2 });
    for (const { id } of [encrypted, elsewhere]) {
      expect((await readView(store, id)).findings).toEqual({ kv_nopurgeprotection: 'open' });
    }
  });

  it('assesses again a registry that was created anew, though its verdicts are the same', async () => {
    const { sweep, store, tenant } = await startMonitor({ resources });
    await sweep();
    tenant.put(registryOf('plain', { createdAt: '2026-08-01T09:00:00Z' }));
    expect(await sweep()).toMatchObject({ assessed: 1, changed: 1 });
    expect((await readView(store, plain.id)).history).toEqual([
      ['opened acr_nocmk'],
      ['closed acr_nocmk'],
      ['opened acr_nocmk'],
    ]);
  });

  it('closes what is open on a registry that is gone, once', async () => {
    const { sweep, store, tenant } = await startMonitor({ resources });
    await sweep();
    tenant.remove(plain.id);
    expect(await sweep()).toMatchObject({ outcome: 'complete', registries: 2, assessed: 1, changed: 1 });
    expect(await readView(store, plain.id)).toMatchObject({
      state: 'gone',
      findings: { acr_nocmk: 'closed' },
    });
    expect(await sweep()).toMatchObject({ assessed: 0, changed: 0 });
  });

  it('keeps a registry that only the list leaves out', async () => {
    const { sweep, store, tenant } = await startMonitor({ resources });
    await sweep();
    tenant.intercept(({ path }) =>
      path.endsWith('/registries') ? { kind: 'json', status: 200, body: { value: [] } } : undefined,
    );
    expect(await sweep()).toMatchObject({ outcome: 'complete', registries: 0, assessed: 3, changed: 0 });
    expect(await readView(store, plain.id)).toMatchObject({
      state: 'present',
      findings: { acr_nocmk: 'open' },
    });
  });

  it('writes down as due a registry that is being changed', async () => {
    const { sweep, store, tenant, exceptions } = await startMonitor({ resources });
    await sweep();
    tenant.put(registryOf('encrypted', { state: 'Updating' }));
    const reason = 'provisioning_state_updating';
    expect(await sweep()).toMatchObject({ outcome: 'partial', assessed: 0, unconfirmed: 1 });
    expect(exceptions).toMatchObject([{ registryId: encrypted.id, subscriptionId, reason }]);
    expect(await listAllDue(store)).toMatchObject([{ registryId: encrypted.id, reason }]);
    expect((await readView(store, encrypted.id)).verdicts.acr_nocmk).toBe('pass encryption_enabled');
  });
});

describe('what has not been read from ARM for long', () => {
  const many = Array.from({ length: 40 }, (_, index) => registryOf(`images${index}`));

  it('is read again within the week, spread over its last quarter', async () => {
    const { sweep, clock } = await startMonitor({ resources: many });
    await sweep();
    clock.advance(5.25 * day);
    expect(await sweep()).toMatchObject({ assessed: 0 });
    clock.advance(0.875 * day);
    const { assessed } = await sweep();
    expect([assessed > 5, assessed < 35]).toEqual([true, true]);
    clock.advance(0.875 * day + 1);
    expect(await sweep()).toMatchObject({ assessed: 40 - assessed, changed: 0 });
  });
});

describe('a sweep of named subscriptions', () => {
  it('reads no others, and closes nothing of them', async () => {
    const store = (await startMonitor()).store;
    const all = await startMonitor({ resources, store });
    await all.sweep();
    const { sweep, tenant } = await startMonitor({
      resources: [plain, encrypted, vault],
      store,
      subscriptionIds: [subscriptionId.toUpperCase()],
    });
    expect(await sweep()).toMatchObject({ outcome: 'complete', subscriptions: 1, registries: 2 });
    expect(listCalls(tenant)).toEqual([
      '/subscriptions',
      'Microsoft.ContainerRegistry/registries',
      'vaults/kv-images',
    ]);
    expect((await readView(store, elsewhere.id)).state).toBe('present');
    expect(await store.sweeps.listSubscriptions()).toMatchObject([{ state: 'read' }, { state: 'read' }]);
  });

  it('follows keys out of them', async () => {
    const { sweep, store } = await startMonitor({ resources, subscriptionIds: [otherId] });
    await sweep();
    expect((await readView(store, elsewhere.id)).verdicts.kv_missing).toBe('pass key_holder_found');
  });

  it('says when one of them is not in sight', async () => {
    const { sweep, exceptions } = await startMonitor({
      resources,
      subscriptionIds: [subscriptionId, hiddenId],
    });
    expect(await sweep()).toMatchObject({ outcome: 'partial', subscriptions: 1 });
    expect(exceptions).toMatchObject([{ subscriptionId: hiddenId, reason: 'subscription_lost' }]);
  });
});
