import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { startAzurite } from '../../simulator/demo/azurite.ts';
import type { Store } from '../../src/monitor/ports/ports.ts';
import { StoreFailure } from '../../src/store/store-failure.ts';
import { createTableStore } from '../../src/store/table-store.ts';
import { connectTables } from '../../src/store/tables.ts';
import { later, muchLater, now, registryAt, toCommit, toSweep } from './samples.ts';
import {
  created,
  emptyList,
  type StubAnswer,
  type StubService,
  startStubService,
  toError,
  written,
} from './stub-service.ts';

let service: StubService;
afterEach(() => service?.close());

async function open(answer: (request: string) => StubAnswer | undefined, callTimeout = 500): Promise<Store> {
  service = await startStubService(answer);
  return createTableStore(service, { callTimeout });
}

function isCreation(request: string): boolean {
  return request.startsWith('POST /account/Tables');
}

function countCreations(): number {
  return service.requests.filter(isCreation).length;
}

describe('a table', () => {
  const id = registryAt(1);

  /** A service whose tables have to be created first. */
  function openFresh(creation: () => StubAnswer = () => created) {
    let isThere = false;
    const service = open((request) => {
      if (isCreation(request)) {
        const answer = creation();
        isThere ||= answer === created;
        return answer;
      }
      if (!isThere) return toError(404, 'TableNotFound');
      return request.startsWith('GET') ? emptyList : written;
    });
    return { service, drop: () => (isThere = false) };
  }

  it('that is not there is empty to who reads, who needs no right to create it', async () => {
    const store = await openFresh().service;
    expect([await store.due.count(), await store.findings.readRegistry(id)]).toEqual([0, undefined]);
    expect(await store.sweeps.listSweeps({ limit: 1 })).toEqual({ items: [] });
    expect(countCreations()).toBe(0);
  });

  it('is created once by many that write at once, and not while it is there', async () => {
    const store = await openFresh().service;
    await Promise.all([later, muchLater, now].map((at) => store.sweeps.put(toSweep(at))));
    await store.sweeps.put(toSweep(now));
    expect(countCreations()).toBe(1);
  });

  it('is used where somebody else was faster to create it', async () => {
    let isThere = false;
    const store = await open((request) => {
      if (isThere) return written;
      isThere = isCreation(request);
      return isThere ? toError(409, 'TableAlreadyExists') : toError(404, 'TableNotFound');
    });
    await store.sweeps.put(toSweep(now));
  });

  it('says that it can not be created', async () => {
    const store = await openFresh(() => toError(403, 'AuthorizationPermissionMismatch')).service;
    await expect(store.sweeps.put(toSweep(now))).rejects.toThrow(
      'Table "sweeps": create failed (403 AuthorizationPermissionMismatch): Told by the service.',
    );
  });

  it('is created by the next call when that failed', async () => {
    let isBroken = true;
    const store = await openFresh(() => (isBroken ? toError(409, 'TableBeingDeleted') : created)).service;
    await expect(store.sweeps.put(toSweep(now))).rejects.toThrow('create failed (409 TableBeingDeleted)');
    isBroken = false;
    await store.sweeps.put(toSweep(now));
  });

  it('is created again when somebody deleted it', async () => {
    const { service, drop } = openFresh();
    const store = await service;
    await store.sweeps.put(toSweep(now));
    drop();
    await store.sweeps.put(toSweep(now));
    expect(countCreations()).toBe(2);
  });

  it('is read on after an empty page', async () => {
    const store = await open((request) => {
      if (isCreation(request)) return created;
      if (!request.includes("PartitionKey eq '1'")) return emptyList;
      if (request.includes('NextRowKey=')) return { status: 200, body: { value: [toDueRow()] } };
      const headers = {
        'x-ms-continuation-NextPartitionKey': '1!4!MQ--',
        'x-ms-continuation-NextRowKey': 'x',
      };
      return { ...emptyList, headers };
    });
    expect(await store.due.listDue(now, 10)).toHaveLength(1);
  });

  it('takes null for a property that a row does not have', async () => {
    const store = await open((request) =>
      isCreation(request) ? created : { status: 200, body: { value: [toMarkRow()] } },
    );
    const [mark] = await Array.fromAsync(store.findings.listMarks([id]));
    expect(mark).toStrictEqual({
      registryId: id.id,
      etag: 'W/"1"',
      state: 'present',
      digest: 'd',
      assessedAt: now,
    });
    expect(service.requests.at(-1)).toContain('$select=registryId,state,digest,createdAt,assessedAt');
  });

  it('asks Azure for no more than 15 comparisons', async () => {
    const store = await open((request) => (isCreation(request) ? created : emptyList));
    const many = Array.from({ length: 30 }, (_, index) => `rule${index}`);
    await store.queries.findings(
      { rule: many, status: ['open', 'closed'], registry: [id.id, 'acr'] },
      { limit: 1 },
    );
    for (const request of service.requests.slice(1)) {
      expect(request.match(/ (eq|ge|gt|lt|le) /g)?.length).toBeLessThanOrEqual(15);
      expect(request).toContain("(status eq 'open' or status eq 'closed')");
    }
  });

  it.each([404, 409])('takes a %d that is not of Table Storage for a failure', async (status) => {
    const store = await open((request) => (isCreation(request) ? created : { status, body: 'Odd proxy' }));
    await expect(store.findings.readRegistry(id)).rejects.toThrow(StoreFailure);
    await expect(store.findings.commit(toCommit(id))).rejects.toThrow(StoreFailure);
  });

  it('does not wait for a service that never answers', async () => {
    const store = await open(() => undefined);
    await expect(store.findings.readRegistry(id)).rejects.toThrow(
      'Table "findings": read failed: no answer within 0.5 s',
    );
  });

  it.each<[string, (store: Store) => Promise<unknown>]>([
    ['read', (store) => store.findings.readRegistry(id)],
    ['list', (store) => store.due.count()],
    ['transaction', (store) => store.findings.commit(toCommit(id))],
  ])('does not wait for an answer that never comes to a %s', async (operation, work) => {
    const store = await open((request) => (isCreation(request) ? created : undefined));
    await expect(work(store)).rejects.toThrow(`Table "findings": ${operation} failed: no answer within`);
  });

  it('fails soon, and tells no secret, when the service is down', async () => {
    const store = await open(() => created, 10_000);
    await service.close();
    const failure = await store.findings.readRegistry(id).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreFailure);
    expect(String(failure)).toContain('Table "findings": read failed (ECONNREFUSED)');
    expect(inspect(failure, { depth: 20 })).not.toContain('SECRET');
  });

  it('tells no secret when the service answers with one', async () => {
    const told = toError(400, 'InvalidInput', 'Odd: https://x.table.core.windows.net/findings?sig=SECRET');
    const store = await open((request) => (isCreation(request) ? created : told));
    const failure = await store.findings.readRegistry(id).catch((error: unknown) => error);
    expect(String(failure)).toContain('read failed (400 InvalidInput): Odd: the table service');
  });

  it('is reached without encryption on this machine alone', () => {
    const connection = 'TableEndpoint=http://store.example/account;SharedAccessSignature=sv=1&sig=SECRET';
    expect(() => connectTables({ connectionString: connection })).toThrow(
      'Table Storage at store.example must be reached by HTTPS',
    );
  });

  it('is reached by an identity', () => {
    const credential = { getToken: async () => null };
    connectTables({ tableServiceUri: 'https://store.table.core.windows.net/', credential });
  });

  it('works again when the service is back', async () => {
    const azurite = await startAzurite();
    const store = createTableStore(azurite);
    await store.due.count();
    await azurite.close();
    await expect(store.due.count()).rejects.toThrow('Table "findings": list failed (ECONNREFUSED)');
    const again = await startAzurite({ port: azurite.port });
    await store.due.count().catch(() => undefined);
    expect(await store.due.count()).toBe(0);
    await again.close();
  });

  function toDueRow() {
    const rowKey = 'todo|1|rg|acr';
    return {
      'odata.etag': 'W/"1"',
      PartitionKey: '1',
      RowKey: rowKey,
      registryId: id.id,
      reason: 'x',
      due: now,
      tries: 0,
    };
  }

  function toMarkRow() {
    return {
      'odata.etag': 'W/"1"',
      registryId: id.id,
      state: 'present',
      digest: 'd',
      createdAt: null,
      assessedAt: now,
    };
  }
});
