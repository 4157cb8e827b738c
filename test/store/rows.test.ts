import { TableClient } from '@azure/data-tables';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../simulator/demo/azurite.ts';
import type { Store } from '../../src/monitor/ports/ports.ts';
import { createTableStore } from '../../src/store/table-store.ts';
import { now, registryAt, toAlert, toCommit, toEvidence, toFinding, toHistory, toRecord } from './samples.ts';

describe('rows in the tables', () => {
  const id = registryAt(10, 'AcrOne', 'RG-One');
  const key = `${id.subscriptionId}|rg-one|acrone`;
  let azurite: Azurite;
  let store: Store;

  beforeEach(async () => {
    azurite = await startAzurite();
    store = createTableStore(azurite);
  });
  afterEach(() => azurite.close());

  async function readRows(table: string): Promise<Record<string, unknown>[]> {
    const client = TableClient.fromConnectionString(azurite.connectionString, table, {
      allowInsecureConnection: true,
    });
    const rows = await Array.fromAsync(client.listEntities({ disableTypeConversion: true }));
    return rows.map(({ etag: _, timestamp: __, ...row }) => row);
  }

  it.each(['null', '{', '[]'])('pass over an alert whose payload is %s, and tell of it', async (payload) => {
    const alerts = ['msg_1', 'msg_2'].map((alert) => toAlert(id, { id: alert }));
    await store.findings.commit(toCommit(id, { alerts }));
    const client = TableClient.fromConnectionString(azurite.connectionString, 'findings', {
      allowInsecureConnection: true,
    });
    const row = (await readRows('findings')).find(({ rowKey }) => rowKey === 'alert|msg_1');
    await client.updateEntity(
      { partitionKey: String(row?.partitionKey), rowKey: 'alert|msg_1', payload },
      'Merge',
    );
    const told: string[] = [];
    const found = await store.alerts.listSendable('9999', undefined, ({ message }) => told.push(message));
    expect(found).toMatchObject([{ id: 'msg_2' }]);
    expect(told).toEqual([expect.stringContaining('"alert|msg_1" has no usable "payload"')]);
  });

  async function readKeys(): Promise<unknown[]> {
    return (await readRows('findings')).map(({ rowKey }) => rowKey);
  }

  it('have the keys and properties of the contract', async () => {
    const history = toHistory(id, {
      revision: 3,
      transitions: [
        { rule: 'acr_nocmk', severity: 'high', transition: 'opened', reason: 'encryption_disabled' },
        {
          rule: 'kv_missing',
          severity: 'critical',
          transition: 'revealed',
          previousStatus: 'open',
          reason: 'x',
        },
        {
          rule: 'kv_missing',
          severity: 'critical',
          transition: 'resolved',
          previousStatus: 'open',
          reason: 'x',
        },
      ],
    });
    await store.findings.commit(
      toCommit(id, {
        registry: toRecord(id, { revision: 3 }),
        findings: [toFinding()],
        history,
        link: { holderHost: 'One.vault.azure.net' },
        alerts: [toAlert(id, { id: 'msg_A' })],
      }),
    );
    await store.due.put([{ registryId: id.id, reason: 'creating', due: now, tries: 0 }]);
    const time = 9_999_999_999_999;
    const inverted = String(time - Date.parse(now)).padStart(13, '0');
    expect((await readKeys()).sort()).toEqual(
      [
        'alert|msg_a',
        `change|${inverted}|${key}|acr_nocmk`,
        `change|${inverted}|${key}|kv_missing`,
        `change|${inverted}|${key}|kv_missing|resolved`,
        `finding|${key}|acr_nocmk`,
        `history|${key}|2147483644`,
        `link|one.vault.azure.net|${key}`,
        `registry|${key}`,
        `todo|${key}`,
      ].sort(),
    );
  });

  it('keep numbers as Int32 and times as texts', async () => {
    await store.findings.commit(toCommit(id, { findings: [toFinding()], history: toHistory(id) }));
    const rows = await readRows('findings');
    const registry = rows.find(({ rowKey }) => String(rowKey).startsWith('registry|'));
    expect(registry).toMatchObject({
      partitionKey: 'a',
      revision: { type: 'Int32', value: '1' },
      assessedAt: { type: 'String', value: now },
      registryId: { type: 'String', value: id.id },
      resourceGroup: { type: 'String', value: 'RG-One' },
      verdicts: {
        type: 'String',
        value: '{"acr_nocmk":{"outcome":"fail","reason":"encryption_disabled"}}',
      },
    });
    expect(rows.every(({ partitionKey }) => partitionKey === 'a')).toBe(true);
    const change = rows.find(({ rowKey }) => String(rowKey).startsWith('change|'));
    expect(Object.keys(change ?? {}).sort()).toEqual(
      [
        'partitionKey',
        'rowKey',
        'registryId',
        'subscriptionId',
        'resourceGroup',
        'name',
        'rule',
        'severity',
        'transition',
        'reason',
        'at',
        'source',
        'revision',
      ].sort(),
    );
  });

  it('are written however long the evidence is', async () => {
    const long = toEvidence({ policies: 'x'.repeat(100_000), status: 'disabled' });
    const made = toCommit(id, {
      registry: toRecord(id, { evidence: { acr_nocmk: long, kv_missing: long } }),
      findings: [toFinding({ evidence: long })],
      history: toHistory(id, { evidence: long }),
    });
    expect((await store.findings.commit(made)).state).toBe('committed');
    const [finding] = await store.findings.readFindings(id);
    expect(finding?.evidence).toEqual({
      ...long,
      values: { policies: '(left out: 100002 characters)', status: 'disabled' },
    });
    const stored = await store.findings.readRegistry(id);
    expect(stored?.evidence.kv_missing).toEqual(finding?.evidence);
    for (const row of await readRows('findings')) {
      for (const value of Object.values(row)) expect(JSON.stringify(value).length).toBeLessThan(33_000);
    }
  });

  it('are never more than a transaction holds', async () => {
    const findings = Array.from({ length: 100 }, (_, index) => toFinding({ rule: `rule_${index}` }));
    await expect(store.findings.commit(toCommit(id, { findings }))).rejects.toThrow(
      'Table "findings": 101 rows do not fit into one transaction',
    );
  });

  it('of exceptions are one row each', async () => {
    const exception = { sweep: 's1', subscriptionId: id.subscriptionId, reason: 'forbidden' };
    const sweep = { sweep: 's1', startedAt: now, subscriptions: 1, registries: 0, assessed: 0, changed: 0 };
    const record = { ...sweep, unconfirmed: 0, calls: 0, rowsWritten: 0 };
    await store.sweeps.addExceptions(
      record,
      Array.from({ length: 130 }, () => exception),
    );
    const rows = await readRows('sweeps');
    expect(rows).toHaveLength(130);
    expect(rows[0]).toMatchObject({
      partitionKey: 'exception',
      sweep: { value: 's1' },
      reason: { value: 'forbidden' },
    });
  });
});
