import { describe, expect, it } from 'vitest';
import { tenantId } from '../../simulator/tenant/tenant-clients.ts';
import { hsmOf, otherId, otherSubscription, registryOf, subscriptionId, unprotected } from '../bodies.ts';
import { toId } from '../fixture.ts';
import { listAllDue, readView } from '../views.ts';
import {
  elsewhere,
  encrypted,
  lonely,
  openGraph,
  openSwept,
  plain,
  query,
  registries,
  toQuery,
  vault,
} from './graph-tenant.ts';

const day = 86_400_000;
const minute = 60_000;

describe('a first sweep by Resource Graph', () => {
  it('has every registry assessed by ARM, and says from where it took them', async () => {
    const { sweepCalls, store, exceptions, tenant } = await openGraph();
    const { record, calls } = await sweepCalls();
    expect(record).toMatchObject({
      inventory: 'graph',
      outcome: 'complete',
      subscriptions: 2,
      registries: 4,
      assessed: 4,
      changed: 2,
      unconfirmed: 0,
      calls: tenant.calls.length,
    });
    expect((await store.sweeps.listSweeps({ limit: 1 })).items).toEqual([record]);
    expect(exceptions).toEqual([]);
    expect(calls.filter((call) => call.startsWith('registries/'))).toHaveLength(4);
    expect(calls.filter((call) => call === 'vaults/kv-images')).toHaveLength(1);
    expect(calls.filter((call) => call.startsWith('Microsoft.KeyVault/'))).toEqual([]);
    const stored = await store.findings.readRegistry(toId(encrypted.id));
    expect(stored?.evidence.kv_missing?.read).toMatchObject([
      { what: 'registry', id: encrypted.id },
      { what: 'vault', id: vault.id },
    ]);
  });

  it('of a tenant without registries or without subscriptions is complete', async () => {
    const empty = await openGraph({ resources: [] });
    expect(await empty.sweep()).toMatchObject({ outcome: 'complete', subscriptions: 2, registries: 0 });
    const none = await openGraph({ resources: [], subscriptions: [] });
    expect((await none.sweepCalls()).record).toMatchObject({ outcome: 'complete', subscriptions: 0 });
    expect(none.tenant.calls.filter(({ path }) => path.endsWith(query))).toEqual([]);
  });
});

describe('a later sweep by Resource Graph', () => {
  it('asks ARM for subscriptions alone and writes only its own row where nothing has changed', async () => {
    const { sweepCalls, store, clock } = await openSwept();
    const before = await Promise.all(registries.map(({ id }) => store.findings.readRegistry(toId(id))));
    clock.advance(day - minute);
    const { record, calls } = await sweepCalls();
    expect(calls).toEqual(['/subscriptions', query, query]);
    expect(record).toMatchObject({
      outcome: 'complete',
      registries: 4,
      assessed: 0,
      rowsWritten: 1,
      calls: 3,
    });
    expect(await Promise.all(registries.map(({ id }) => store.findings.readRegistry(toId(id))))).toEqual(
      before,
    );
    expect(await store.due.count()).toBe(0);
  });

  it('asks once for key holders of each kind, and lists subscriptions without registries', async () => {
    const hsm = hsmOf('kv-images');
    const onHsm = registryOf('onhsm', { host: 'kv-images.managedhsm.azure.net' });
    const { sweepCalls, tenant } = await openSwept({ resources: [plain, encrypted, vault, onHsm, hsm] });
    const asked: (string | undefined)[] = [];
    tenant.intercept((request) => {
      asked.push(toQuery(request)?.match(/'([^']+)'/)?.[1]);
      return undefined;
    });
    expect((await sweepCalls()).record).toMatchObject({ outcome: 'complete', assessed: 0, calls: 5 });
    expect(asked).toEqual([
      undefined,
      'microsoft.containerregistry/registries',
      'microsoft.keyvault/vaults',
      'microsoft.keyvault/managedhsms',
      undefined,
    ]);
  });

  it('reads from ARM only whose verdicts differ from what is stored', async () => {
    const { sweepCalls, store, tenant } = await openSwept();
    tenant.put(registryOf('plain', { host: 'kv-images.vault.azure.net' }));
    const { record, calls } = await sweepCalls();
    expect(record).toMatchObject({ assessed: 1, changed: 1 });
    expect(calls).toEqual(['/subscriptions', query, query, 'registries/plain', 'vaults/kv-images']);
    expect((await readView(store, plain.id)).findings).toEqual({ acr_nocmk: 'resolved' });
  });

  it('reads a vault that changed a second ago once, for all that hang on it', async () => {
    const { sweepCalls, store, tenant } = await openSwept();
    tenant.put(unprotected(vault));
    const { record, calls } = await sweepCalls();
    expect(record).toMatchObject({ assessed: 2, changed: 2 });
    expect(calls.filter((call) => call === 'vaults/kv-images')).toHaveLength(1);
    for (const { id } of [encrypted, elsewhere]) {
      expect((await readView(store, id)).findings).toEqual({ kv_nopurgeprotection: 'open' });
    }
  });

  it('assesses a vault that the graph no longer shows by what ARM says of it', async () => {
    const { sweep, store, tenant } = await openSwept();
    tenant.remove(vault.id);
    expect(await sweep()).toMatchObject({ assessed: 2, changed: 2 });
    expect((await readView(store, encrypted.id)).verdicts.kv_missing).toBe('fail key_holder_soft_deleted');
    expect(await sweep()).toMatchObject({ assessed: 0 });
    tenant.put(vault);
    expect(await sweep()).toMatchObject({ assessed: 2, changed: 2 });
    expect((await readView(store, encrypted.id)).findings).toEqual({ kv_missing: 'resolved' });
  });

  it.each([
    // Lists leave out what may not be read, so nobody is told where it is.
    ['forbidden', [{ scope: vault.id }], 'unknown key_holder_not_visible'],
    [
      'forbidden, like its list',
      [{ scope: vault.id }, { scope: otherSubscription }],
      'unknown key_holder_not_visible',
    ],
  ])('does not read again what hangs on a vault that is %s', async (_, unreadable, missing) => {
    const { sweepCalls, store } = await openSwept({ unreadable });
    expect((await readView(store, encrypted.id)).verdicts.kv_missing).toBe(missing);
    expect((await sweepCalls()).record).toMatchObject({ registries: expect.any(Number), assessed: 0 });
  });

  it('closes what is open on a registry that is gone, once', async () => {
    const { sweep, sweepCalls, store, tenant } = await openSwept();
    tenant.remove(plain.id);
    const { record, calls } = await sweepCalls();
    expect(record).toMatchObject({ outcome: 'complete', registries: 3, assessed: 1, changed: 1 });
    expect(calls.at(-1)).toBe('registries/plain');
    expect(await readView(store, plain.id)).toMatchObject({
      state: 'gone',
      findings: { acr_nocmk: 'closed' },
    });
    expect(await sweep()).toMatchObject({ assessed: 0, rowsWritten: 1 });
  });

  it('assesses again a registry that was created anew, though its verdicts are the same', async () => {
    const { sweep, store, tenant } = await openSwept();
    tenant.put(registryOf('plain', { createdAt: '2026-08-01T09:00:00Z' }));
    expect(await sweep()).toMatchObject({ assessed: 1, changed: 1 });
    expect((await readView(store, plain.id)).history.flat()).toEqual([
      'opened acr_nocmk',
      'closed acr_nocmk',
      'opened acr_nocmk',
    ]);
  });

  it('writes down as due a registry that is being changed', async () => {
    const { sweep, store, tenant, exceptions } = await openSwept();
    tenant.put(registryOf('plain', { state: 'Updating' }));
    const reason = 'provisioning_state_updating';
    expect(await sweep()).toMatchObject({ outcome: 'partial', registries: 4, assessed: 0, unconfirmed: 1 });
    expect(exceptions).toMatchObject([{ registryId: plain.id, subscriptionId, reason }]);
    expect(await listAllDue(store)).toMatchObject([{ registryId: plain.id, reason }]);
  });

  it('reads from ARM what was not read for a week', async () => {
    const { sweep, clock } = await openSwept();
    clock.advance(7 * day + minute);
    expect(await sweep()).toMatchObject({ assessed: 4, changed: 0 });
  });
});

describe('a graph that lags behind', () => {
  it('shows a registry that is deleted by now: ARM says that it is gone, and nothing is kept of it', async () => {
    const { sweep, store, tenant, clock } = await openGraph();
    tenant.graph.delay = minute;
    clock.advance(1);
    tenant.remove(plain.id);
    expect(await sweep()).toMatchObject({ outcome: 'complete', registries: 4, assessed: 4 });
    expect(await store.findings.readRegistry(toId(plain.id))).toBeUndefined();
    expect(await readView(store, plain.id)).toMatchObject({ findings: {}, history: [] });
  });

  it('does not show yet a registry that an event told of: ARM says that it is there', async () => {
    const { sweepCalls, react, store, tenant, clock } = await openSwept();
    tenant.graph.delay = minute;
    clock.advance(1);
    const created = registryOf('created');
    tenant.put(created);
    await react(created.id);
    const { record, calls } = await sweepCalls();
    expect(record).toMatchObject({ outcome: 'complete', registries: 4, assessed: 1, changed: 0 });
    expect(calls.at(-1)).toBe('registries/created');
    expect(await readView(store, created.id)).toMatchObject({
      state: 'present',
      findings: { acr_nocmk: 'open' },
      history: [['opened acr_nocmk']],
    });
  });

  it('shows a vault as it was: what ARM says now is what is stored', async () => {
    const { sweep, react, store, tenant, clock, inbox } = await openSwept();
    inbox.messages.length = 0;
    tenant.graph.delay = minute;
    clock.advance(1);
    tenant.put(unprotected(vault));
    expect(await sweep()).toMatchObject({ assessed: 0 });
    await react(vault.id);
    expect(await sweep()).toMatchObject({ assessed: 2, changed: 0 });
    for (const { id } of [encrypted, elsewhere]) {
      expect((await readView(store, id)).history).toEqual([[], ['opened kv_nopurgeprotection']]);
    }
    expect(inbox.messages).toHaveLength(2);
    clock.advance(minute);
    expect(await sweep()).toMatchObject({ assessed: 0 });
  });
});

describe('the tenant of a registry', () => {
  it.each(['graph', 'arm'] as const)(
    'is known from the sweep by %s, and kept by events',
    async (inventory) => {
      const { sweep, react, store } = await openGraph({ inventory });
      await react(lonely.id);
      expect(await store.findings.readRegistry(toId(lonely.id))).not.toHaveProperty('tenantId');
      await sweep();
      await react(plain.id);
      for (const { id } of [plain, encrypted, elsewhere]) {
        expect(await store.findings.readRegistry(toId(id))).toMatchObject({ tenantId });
      }
      expect((await store.sweeps.listSubscriptions()).map((one) => one.subscriptionId)).toEqual([
        subscriptionId,
        otherId,
      ]);
    },
  );
});
