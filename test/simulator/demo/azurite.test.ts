import { mkdtempSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startAzurite } from '../../../simulator/demo/azurite.ts';

async function openTable(options: Parameters<typeof startAzurite>[0] = {}) {
  const azurite = await startAzurite(options);
  onTestFinished(() => azurite.close().catch(() => {}));
  const table = TableClient.fromConnectionString(azurite.connectionString, 'findings', {
    allowInsecureConnection: true,
  });
  await table.createTable();
  return { azurite, table };
}

const keys = (rowKey: string) => ({ partitionKey: '0', rowKey });

describe('the table service', () => {
  it('keeps entities, and guards a transaction by an ETag', async () => {
    const { table } = await openTable();
    await table.createEntity({ ...keys('registry'), revision: 1 });
    const { etag } = await table.getEntity('0', 'registry');
    await table.submitTransaction([
      ['update', { ...keys('registry'), revision: 2 }, 'Replace', { etag }],
      ['create', { ...keys('finding'), status: 'open' }],
    ]);
    expect(await table.getEntity('0', 'registry')).toMatchObject({ revision: 2 });

    const stale = table.submitTransaction([
      ['update', { ...keys('registry'), revision: 3 }, 'Replace', { etag }],
      ['upsert', { ...keys('finding'), status: 'resolved' }],
    ]);
    await expect(stale).rejects.toMatchObject({ statusCode: 412 });
    expect(await table.getEntity('0', 'finding')).toMatchObject({ status: 'open' });
    await expect(table.createEntity(keys('finding'))).rejects.toMatchObject({ statusCode: 409 });
  });

  it('pages a query', async () => {
    const { table } = await openTable();
    const rows = Array.from({ length: 25 }, (_, row) => keys(String(row).padStart(2, '0')));
    await table.submitTransaction(rows.map((row) => ['create', row]));
    const pages: number[] = [];
    const query = table.listEntities({ queryOptions: { filter: "PartitionKey eq '0' and RowKey ge '05'" } });
    for await (const page of query.byPage({ maxPageSize: 8 })) {
      pages.push(page.length);
    }
    expect(pages).toEqual([8, 8, 4]);
  });

  it('keeps its tables in a folder from one run to the next, on the same port', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'azurite-')), 'new');
    const { azurite, table } = await openTable({ folder });
    await table.createEntity({ ...keys('kept'), colour: 'blue' });
    await azurite.close();
    const again = await openTable({ folder, port: azurite.port });
    expect(again.azurite.connectionString).toBe(azurite.connectionString);
    expect(await again.table.getEntity('0', 'kept')).toMatchObject({ colour: 'blue' });
  });

  it('runs more than once in a process, each with its own tables', async () => {
    const first = await openTable();
    const second = await openTable();
    await first.table.createEntity(keys('first'));
    await expect(second.table.getEntity('0', 'first')).rejects.toMatchObject({ statusCode: 404 });
    await expect(startAzurite({ port: first.azurite.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('reaches out to nobody', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    onTestFinished(() => connect.mockRestore());
    const { table } = await openTable();
    await table.createEntity(keys('row'));
    const targets = connect.mock.calls
      .map((call) => JSON.stringify(call))
      .filter((call) => /"host"|azure/.test(call));
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) {
      expect(target).toContain('127.0.0.1');
      expect(target).not.toContain('azure.com');
    }
  });
});
