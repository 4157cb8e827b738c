import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import type { KeyRange } from './keys.ts';
import { isAnswer, isStale, StoreFailure, toStoreFailure } from './store-failure.ts';

/** Which row. */
export interface RowKey {
  partitionKey: string;
  rowKey: string;
}

/** A row as it is written; properties that are undefined are left out. */
export type Row = RowKey & Record<string, string | number | undefined>;

/** A row as it was read; Azure answers null for a selected property that a row does not have. */
export type StoredRow = RowKey & { etag: string } & Record<string, unknown>;

/** Which rows of a range. */
export interface RangeQuery extends KeyRange {
  /** Only rows after this key. */
  after?: string;
  /** OData, escaped; at most twelve comparisons, as Azure takes 15 and the range needs three. */
  filter?: string;
  /** Properties to read; all when absent. */
  select?: readonly string[];
  pageSize?: number;
}

/** One table; each method throws {@link StoreFailure} for a call that failed, and waits for no call longer than its time-out. */
export interface Table {
  read(key: RowKey): Promise<StoredRow | undefined>;
  /** Pages of a range in the order of its keys; one may be empty. */
  pages(query: RangeQuery): AsyncGenerator<StoredRow[]>;
  /** Writes a row in place of what is there. */
  put(row: Row): Promise<void>;
  /** Changes a row in the version named, and answers its new version; undefined when it is not there in that version. */
  change(row: Row, mode: 'Merge' | 'Replace', etag: string): Promise<string | undefined>;
  /** Deletes a row in the version named; one that is not there in that version stays as it is. */
  remove(key: RowKey, etag: string): Promise<void>;
  /** Does all or nothing, and answers the new versions in order; undefined when a row was not as the actions take it to be. */
  submit(actions: readonly TransactionAction[]): Promise<(string | undefined)[] | undefined>;
}

const maxActions = 100;

/**
 * Works on the table of a client; `timeout` of one call, repeats included, in milliseconds. A table that is not there is
 * empty to who reads, so that reading needs no right to write; who writes creates it.
 */
export function createTable(client: TableClient, timeout: number): Table {
  let creation: Promise<unknown> | undefined;

  async function write<T>(operation: string, work: Work<T>): Promise<T> {
    try {
      return await attempt(operation, work);
    } catch (error) {
      if (!isAnswer(error, 'TableNotFound')) throw error;
      creation ??= attempt('create', (options) => client.createTable(options)).finally(() => {
        creation = undefined;
      });
      await creation;
      return attempt(operation, work);
    }
  }

  async function attempt<T>(operation: string, work: Work<T>): Promise<T> {
    try {
      return await work({ abortSignal: AbortSignal.timeout(timeout) });
    } catch (cause) {
      throw toStoreFailure(cause, { table: client.tableName, operation, timeout });
    }
  }

  async function* pages(query: RangeQuery): AsyncGenerator<StoredRow[]> {
    let continuationToken: string | undefined;
    do {
      const token = continuationToken;
      const page = await attempt('list', (options) => listPage(client, query, token, options)).catch(
        unlessNoTable,
      );
      continuationToken = page.continuationToken;
      yield page;
    } while (continuationToken);
  }

  return {
    pages,
    read: (key) =>
      attempt('read', (options) => client.getEntity(key.partitionKey, key.rowKey, options)).then(
        (row) => row as StoredRow,
        unlessMissing,
      ),
    put: async (row) => {
      await write('write', (options) => client.upsertEntity(row, 'Replace', options));
    },
    change: (row, mode, etag) =>
      attempt('update', (options) => client.updateEntity(row, mode, { ...options, etag })).then(
        (answer) => answer.etag,
        unlessStale,
      ),
    remove: (key, etag) =>
      attempt('delete', (options) =>
        client.deleteEntity(key.partitionKey, key.rowKey, { ...options, etag }),
      ).then(() => undefined, unlessStale),
    submit: (actions) => submit(client, actions, write).catch(unlessConflict),
  };
}

/** The new version of a row that a transaction wrote; where Azure names none it is a broken invariant and throws. */
export function pickEtag(etags: readonly (string | undefined)[] | undefined, index: number): string {
  const etag = etags?.[index];
  if (!etag) throw new Error('Table Storage answered a transaction without the versions of its rows');
  return etag;
}

type Work<T> = (options: { abortSignal: AbortSignal }) => Promise<T>;

async function submit(
  client: TableClient,
  actions: readonly TransactionAction[],
  write: <T>(operation: string, work: Work<T>) => Promise<T>,
): Promise<(string | undefined)[]> {
  if (actions.length > maxActions) {
    throw new Error(`Table "${client.tableName}": ${actions.length} rows do not fit into one transaction`);
  }
  const answer = await write('transaction', (options) => client.submitTransaction([...actions], options));
  return answer.subResponses.map(({ etag }) => etag?.trim());
}

async function listPage(
  client: TableClient,
  query: RangeQuery,
  continuationToken: string | undefined,
  options: { abortSignal: AbortSignal },
): Promise<StoredRow[] & { continuationToken?: string }> {
  const queryOptions = { filter: toFilter(query), ...(query.select ? { select: [...query.select] } : {}) };
  const settings = {
    maxPageSize: query.pageSize ?? 1000,
    ...(continuationToken ? { continuationToken } : {}),
  };
  const { value } = await client
    .listEntities<StoredRow>({ ...options, queryOptions })
    .byPage(settings)
    .next();
  return value ?? [];
}

function toFilter({ partition, from, below, after, filter }: RangeQuery): string {
  const start = after === undefined ? odata`RowKey ge ${from}` : odata`RowKey gt ${after}`;
  const range = `${odata`PartitionKey eq ${partition}`} and ${start} and ${odata`RowKey lt ${below}`}`;
  return filter ? `${range} and (${filter})` : range;
}

function unlessNoTable(error: unknown): StoredRow[] & { continuationToken?: string } {
  if (isAnswer(error, 'TableNotFound')) return [];
  throw error;
}

function unlessMissing(error: unknown): undefined {
  if (!isAnswer(error, 'ResourceNotFound', 'EntityNotFound', 'TableNotFound')) throw error;
}

function unlessStale(error: unknown): undefined {
  if (!isStale(error)) throw error;
}

function unlessConflict(error: unknown): undefined {
  if (!isStale(error) && !isAnswer(error, 'EntityAlreadyExists')) throw error;
}
