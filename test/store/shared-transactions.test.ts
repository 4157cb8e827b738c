import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAzurite } from '../../simulator/demo/azurite.ts';
import { createSharedTransactions } from '../../src/store/shared-transactions.ts';
import { StoreFailure } from '../../src/store/store-failure.ts';
import type { Row, Table } from '../../src/store/table.ts';
import { connectTables } from '../../src/store/tables.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let table: Table;
let sizes: number[];
let submit: Table['submit'];

beforeEach(async () => {
  azurite = await startAzurite();
  table = connectTables(azurite).findings;
  sizes = [];
  submit = createSharedTransactions({
    ...table,
    submit: (actions) => {
      sizes.push(actions.length);
      return table.submit(actions);
    },
  });
});
afterEach(() => azurite.close());

const rowAt = (rowKey: string, text = 'new', partitionKey = 'a'): Row => ({ partitionKey, rowKey, text });
const create = (row: Row) => submit([['create', row]]);
const createAll = (count: number, text?: string) =>
  Promise.all(Array.from({ length: count }, (_, index) => create(rowAt(`row${index}`, text))));

describe('rows of one partition that are written at once', () => {
  it('share transactions of 100, and each gets its own version', async () => {
    const written = await createAll(250);
    expect(sizes).toEqual([1, 100, 100, 49]);
    for (const [index, versions] of written.entries()) {
      expect(versions).toHaveLength(1);
      expect((await table.read(rowAt(`row${index}`)))?.etag).toBe(versions?.[0]);
    }
  });

  it('that go together are never parted', async () => {
    const groups = Array.from({ length: 4 }, (_, group) =>
      Array.from({ length: 40 }, (_, index) => rowAt(`row${group}-${index}`)),
    );
    const written = await Promise.all(groups.map((rows) => submit(rows.map((row) => ['create', row]))));
    expect(sizes).toEqual([40, 80, 40]);
    expect(written.map((versions) => versions?.length)).toEqual([40, 40, 40, 40]);
  });

  it('share no more than a transaction may weigh', async () => {
    await createAll(50, 'x'.repeat(30_000));
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const row = rowAt(`heavy${index}`);
        for (const name of 'abcdef') row[name] = '"'.repeat(30_000);
        return create(row);
      }),
    );
    expect(sizes.slice(0, 2)).toEqual([1, 46]);
    expect(sizes.length).toBeGreaterThan(10);
  });

  it('lose their races each for itself', async () => {
    await create(rowAt('row3', 'old'));
    sizes.length = 0;
    const written = await createAll(8);
    expect(written.map((versions) => versions !== undefined)).toEqual([
      ...[true, true, true, false],
      ...[true, true, true, true],
    ]);
    expect(sizes).toEqual([8, ...Array(8).fill(1)]);
    expect(await table.read(rowAt('row3'))).toMatchObject({ text: 'old' });
  });

  it('are written by one where two would write the same row', async () => {
    await create(rowAt('first'));
    const written = await Promise.all([
      create(rowAt('before')),
      create(rowAt('same', 'one')),
      create(rowAt('same', 'two')),
      create(rowAt('after')),
    ]);
    expect(written.filter((versions) => versions)).toHaveLength(3);
  });

  it('that Azure refuses cost no other row', async () => {
    const [first, odd, last] = await Promise.allSettled([
      create(rowAt('first')),
      create(rowAt('odd', 'x'.repeat(70_000))),
      create(rowAt('last')),
    ]);
    expect([first.status, odd.status, last.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

it('rows of several partitions are written side by side', async () => {
  await Promise.all(['a', 'b', 'c'].map((partition) => create(rowAt('row', 'new', partition))));
  expect(sizes).toEqual([1, 1, 1]);
});

it('a store that is away fails all that wait, without asking for each', async () => {
  const answer = { table: 'findings', operation: 'transaction', statusCode: 503, code: 'ServerBusy' };
  const away = new StoreFailure(answer, 'away', undefined);
  let calls = 0;
  submit = createSharedTransactions({
    ...table,
    submit: async () => {
      calls += 1;
      throw away;
    },
  });
  const settled = await Promise.allSettled(
    Array.from({ length: 9 }, (_, index) => create(rowAt(`row${index}`))),
  );
  expect(settled.map(({ status }) => status)).toEqual(Array(9).fill('rejected'));
  expect(calls).toBe(2);
});
