import type { TransactionAction } from '@azure/data-tables';
import { isRefused } from './store-failure.ts';
import type { Table } from './table.ts';

/** What a transaction of Azure takes: 100 rows, and 4 MiB with all that goes around them. */
const maxRows = 100;
const maxBytes = 2 ** 21;

/** Rows that must be written together, and where their new versions are awaited. */
interface Waiting {
  actions: readonly TransactionAction[];
  written: PromiseWithResolvers<Versions>;
}

type Versions = Awaited<ReturnType<Table['submit']>>;

/**
 * Builds the writing of rows that belong together. What comes for a partition while a transaction of it is under way goes
 * into the next one, as much as fits; when that is refused, each is written by itself, so that no one's lost race or
 * odd row costs another.
 */
export function createSharedTransactions(table: Table): Table['submit'] {
  const partitions = new Map<string, Waiting[]>();
  return submit;

  function submit(actions: readonly TransactionAction[]): Promise<Versions> {
    const partition = actions[0]?.[1].partitionKey ?? '';
    const written = Promise.withResolvers<Versions>();
    const queue = partitions.get(partition);
    if (queue) queue.push({ actions, written });
    else {
      partitions.set(partition, [{ actions, written }]);
      void work(partition);
    }
    return written.promise;
  }

  async function work(partition: string): Promise<void> {
    const queue = partitions.get(partition) ?? [];
    while (queue.length > 0) await writeTogether(takeFitting(queue));
    partitions.delete(partition);
  }

  async function writeTogether(waiting: readonly Waiting[]): Promise<void> {
    const versions = waiting.length > 1 ? await trySubmit(waiting) : undefined;
    if (!versions) {
      await Promise.all(waiting.map(writeAlone));
      return;
    }
    let start = 0;
    for (const { actions, written } of waiting) {
      written.resolve(versions.slice(start, start + actions.length));
      start += actions.length;
    }
  }

  /** Undefined where one of them may be to blame; a failure that is nobody's own fails all. */
  async function trySubmit(waiting: readonly Waiting[]): Promise<Versions> {
    try {
      return await table.submit(waiting.flatMap(({ actions }) => actions));
    } catch (error) {
      if (isRefused(error)) return undefined;
      for (const { written } of waiting) written.reject(error);
      return [];
    }
  }

  async function writeAlone({ actions, written }: Waiting): Promise<void> {
    await table.submit(actions).then(written.resolve, written.reject);
  }
}

/** Takes from the start of a queue what fits into one transaction, and at least the first. */
function takeFitting(queue: Waiting[]): Waiting[] {
  let rows = 0;
  let bytes = 0;
  let count = 0;
  for (const { actions } of queue) {
    rows += actions.length;
    bytes += actions.reduce((sum, [, row]) => sum + toBytes(row), 0);
    if (count > 0 && (rows > maxRows || bytes > maxBytes)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

/** About what a row takes: its texts, which JSON may make longer by half. */
function toBytes(row: object): number {
  return Object.values(row).reduce<number>(
    (sum, value) => sum + 50 + (typeof value === 'string' ? 1.5 * Buffer.byteLength(value) : 0),
    0,
  );
}
