import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { registryOf, unprotected, vaultOf } from '../bodies.ts';
import { startMonitor, startRun, toId } from '../fixture.ts';
import { listCalls, readView } from '../views.ts';

const host = 'kv-images.vault.azure.net';
const plain = registryOf('images');
const encrypted = registryOf('images', { host });
const vault = vaultOf('kv-images');
const id = plain.id;

describe('a first assessment', () => {
  it('opens what fails, in one call without a customer-managed key', async () => {
    const { assess, store, tenant, inbox } = await startMonitor({ resources: [plain] });
    expect(await assess(id)).toEqual({
      state: 'assessed',
      transitions: [
        { rule: 'acr_nocmk', severity: 'high', transition: 'opened', reason: 'encryption_disabled' },
      ],
    });
    expect(listCalls(tenant)).toEqual(['registries/images']);
    expect(await readView(store, id)).toMatchObject({
      state: 'present',
      revision: 1,
      findings: { acr_nocmk: 'open' },
      history: [['opened acr_nocmk']],
    });
    expect(inbox.messages).toMatchObject([
      { type: 'registry.findings.changed', source: 'event', registry: { id, name: 'images' } },
    ]);
  });

  it('of a registry on which nothing fails is history too, without a finding or an alert', async () => {
    const { assess, store, inbox } = await startMonitor({ resources: [encrypted, vault] });
    await assess(id);
    expect(await readView(store, id)).toMatchObject({ revision: 1, findings: {}, history: [[]] });
    expect(inbox.messages).toEqual([]);
  });

  it('keeps the id as Azure writes it, whatever the casing it was asked with', async () => {
    const { assess, store } = await startMonitor({ resources: [plain] });
    await assess(id.toLowerCase());
    await assess(id.replace('resourceGroups', 'resourcegroups'));
    expect(await store.findings.readRegistry(toId(id))).toMatchObject({ registryId: id, revision: 2 });
  });

  it('keeps what was read, when and from where', async () => {
    const { assess, store, tenant } = await startMonitor({ resources: [encrypted, vault] });
    await assess(id);
    const at = '2026-08-01T10:00:00.000Z';
    const stored = await store.findings.readRegistry(toId(id));
    expect(stored?.evidence.kv_missing?.read).toMatchObject([
      { what: 'registry', id, at, status: 200, from: expect.stringContaining(`GET ${tenant.armEndpoint}`) },
      { what: 'nameAvailability', id: 'kv-images', at, status: 200 },
      { what: 'vault', id: vault.id, at, status: 200 },
    ]);
  });
});

describe('a repeated assessment', () => {
  it('that finds nothing new rewrites the row, and tells nothing', async () => {
    const { assess, store, inbox, clock } = await startMonitor({ resources: [plain] });
    await assess(id);
    const before = await store.findings.readRegistry(toId(id));
    clock.advance(60_000);
    expect(await assess(id)).toEqual({ state: 'assessed', transitions: [] });
    const after = await store.findings.readRegistry(toId(id));
    expect(after).toMatchObject({ revision: 2, assessedAt: '2026-08-01T10:01:00.000Z' });
    expect(after?.etag).not.toBe(before?.etag);
    expect((await readView(store, id)).history).toHaveLength(1);
    expect(inbox.messages).toHaveLength(1);
  });

  it('that finds nothing new reads no findings and writes one row beside its link', async () => {
    const { assess, store, tenant } = await startMonitor({ resources: [encrypted, unprotected(vault)] });
    await assess(id);
    const { readFindings } = store.findings;
    let reads = 0;
    store.findings.readFindings = (asked) => {
      reads += 1;
      return readFindings(asked);
    };
    const run = startRun();
    await assess(id, { run });
    expect([reads, run.rowsWritten]).toEqual([0, 2]);
    tenant.put(vault);
    await assess(id);
    expect(reads).toBe(1);
    expect((await readView(store, id)).findings).toEqual({ kv_nopurgeprotection: 'resolved' });
  });

  it('opens, resolves and reopens a finding as its vault changes', async () => {
    const { assess, store, tenant, inbox } = await startMonitor({ resources: [encrypted, vault] });
    for (const body of [vault, unprotected(vault), vault, unprotected(vault)]) {
      tenant.put(body);
      await assess(id);
    }
    expect(await readView(store, id)).toMatchObject({
      revision: 4,
      findings: { kv_nopurgeprotection: 'open' },
      history: [
        [],
        ['opened kv_nopurgeprotection'],
        ['resolved kv_nopurgeprotection'],
        ['reopened kv_nopurgeprotection'],
      ],
    });
    const ids = inbox.messages.map((message) => message.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('never runs backwards in time, though the clock does', async () => {
    const { assess, store, tenant, clock } = await startMonitor({ resources: [encrypted, vault] });
    for (const body of [vault, unprotected(vault), vault]) {
      tenant.put(body);
      await assess(id);
      clock.advance(-60_000);
    }
    const { items } = await store.queries.history(toId(id), { limit: 10 });
    expect(items.map(({ at }) => at)).toEqual([
      '2026-08-01T10:00:00.002Z',
      '2026-08-01T10:00:00.001Z',
      '2026-08-01T10:00:00.000Z',
    ]);
  });

  it('obscures a finding whose vault can not be read, and neither resolves nor tells it', async () => {
    const { assess, store, tenant, inbox } = await startMonitor({
      resources: [encrypted, unprotected(vault)],
    });
    await assess(id);
    tenant.intercept(({ path }) =>
      path.includes('/vaults/') ? errorAnswer(403, 'AuthorizationFailed', 'no') : undefined,
    );
    await assess(id);
    tenant.intercept(undefined);
    await assess(id);
    const { findings, history } = await readView(store, id);
    expect(findings).toEqual({ kv_nopurgeprotection: 'open' });
    expect(
      history.map((transitions) => transitions.filter((t) => t.endsWith('kv_nopurgeprotection'))),
    ).toEqual([
      ['opened kv_nopurgeprotection'],
      ['obscured kv_nopurgeprotection'],
      ['revealed kv_nopurgeprotection'],
    ]);
    expect(inbox.messages).toHaveLength(1);
  });

  it('follows a registry to the key holder of another key', async () => {
    const { assess, store, tenant } = await startMonitor({
      resources: [encrypted, vault, vaultOf('kv-other')],
    });
    await assess(id);
    tenant.put(registryOf('images', { host: 'kv-other.vault.azure.net' }));
    await assess(id);
    expect(await store.findings.listLinks('kv-images.')).toEqual([]);
    expect(await store.findings.listLinks('kv-other.')).toMatchObject([{ registryId: id }]);
  });
});

describe('a registry that is gone', () => {
  it('has its open findings closed, once, and told', async () => {
    const { assess, store, tenant, inbox } = await startMonitor({ resources: [plain] });
    await assess(id);
    tenant.remove(id);
    expect(await assess(id)).toMatchObject({
      state: 'gone',
      transitions: [{ rule: 'acr_nocmk', transition: 'closed', reason: 'registry_gone' }],
    });
    expect(await assess(id)).toEqual({ state: 'gone', transitions: [] });
    expect(await readView(store, id)).toMatchObject({
      state: 'gone',
      revision: 3,
      findings: { acr_nocmk: 'closed' },
      history: [['opened acr_nocmk'], ['closed acr_nocmk']],
    });
    expect(inbox.messages).toHaveLength(2);
  });

  it('is gone with its whole resource group as well', async () => {
    const { assess, tenant } = await startMonitor({ resources: [plain] });
    await assess(id);
    tenant.intercept(() => errorAnswer(404, 'ResourceGroupNotFound', 'no'));
    expect(await assess(id)).toMatchObject({ state: 'gone' });
  });

  it('and was never seen leaves no row, no history and no alert', async () => {
    const { assess, store, inbox } = await startMonitor();
    expect(await assess(id)).toEqual({ state: 'gone', transitions: [] });
    expect(await readView(store, id)).toMatchObject({ state: undefined, revision: 0, history: [] });
    expect(inbox.messages).toEqual([]);
  });

  it('and was never seen leaves nothing when somebody only mistyped it', async () => {
    const { assess, store } = await startMonitor();
    expect(await assess(id, { source: 'manual' })).toEqual({ state: 'gone', transitions: [] });
    expect((await readView(store, id)).revision).toBe(0);
  });

  it('no longer hangs on its vault', async () => {
    const { assess, store, tenant } = await startMonitor({ resources: [encrypted, vault] });
    await assess(id);
    tenant.remove(id);
    await assess(id);
    expect(await store.findings.listLinks(host)).toEqual([]);
  });

  it('and comes back has its findings opened again', async () => {
    const { assess, store, tenant } = await startMonitor({ resources: [plain] });
    await assess(id);
    tenant.remove(id);
    await assess(id);
    tenant.put(registryOf('images', { createdAt: '2026-08-01T09:00:00Z' }));
    await assess(id);
    expect(await readView(store, id)).toMatchObject({ state: 'present', findings: { acr_nocmk: 'open' } });
  });
});

describe('a registry of the same id that was created anew', () => {
  it('has the findings of the old one closed, and then its own opened, in two commits', async () => {
    const { assess, store, tenant, inbox } = await startMonitor({ resources: [plain] });
    await assess(id);
    tenant.put(registryOf('images', { createdAt: '2026-08-01T09:00:00Z' }));
    const since = tenant.calls.length;
    await assess(id);
    expect(listCalls(tenant, since)).toEqual(['registries/images']);
    expect(await readView(store, id)).toMatchObject({
      revision: 3,
      history: [['opened acr_nocmk'], ['closed acr_nocmk'], ['opened acr_nocmk']],
    });
    const [finding] = await store.findings.readFindings(toId(id));
    expect(finding?.firstSeen).toBe(finding?.since);
    expect(inbox.messages).toHaveLength(3);
  });

  it('is the same one when only the writing of its creation time differs', async () => {
    const { assess, store, tenant } = await startMonitor({
      resources: [registryOf('images', { createdAt: '2026-07-01T09:00:00.0000000Z' })],
    });
    await assess(id);
    tenant.put(registryOf('images', { createdAt: '2026-07-01T09:00:00+00:00' }));
    await assess(id);
    expect((await readView(store, id)).history).toHaveLength(1);
  });
});
