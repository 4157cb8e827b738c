import { createKeyVaultManagement } from '@azure/arm-keyvault/api';
import type { Reading } from '../../domain/estate/reading.ts';
import type { ArmAnswer } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import type { Connection } from '../connection.ts';
import type { Target } from './arm-call.ts';
import { createArmPages, mapAnswer, type RawItem } from './arm-pages.ts';

/** What is asked for by its path, with its query. */
interface PathRequest {
  path: string;
  query: string;
}

/** A list that is asked for by its path. */
interface ListRequest<T> extends PathRequest {
  toItems(item: unknown, reading: Reading): T[];
}

/** Builds the reading of what none of the SDKs in use has an operation for, by its path; any of their clients will do. */
export function createArmPaths({ credential, options, caller }: Connection) {
  const { call } = caller;
  const { followPages } = createArmPages(caller);
  const client = createKeyVaultManagement(credential, '', options);
  return { get, listAll, listPages };

  /** Ids of resources may hold characters that an address can't. */
  function get(target: Target, run: Run, { path, query }: PathRequest): Promise<ArmAnswer<unknown>> {
    const address = `${path.split('/').map(encodeURIComponent).join('/')}?${query}`;
    return call(target, run, async (o) => client.pathUnchecked(address).get(o));
  }

  async function listPages(
    target: Target,
    run: Run,
    request: PathRequest,
  ): Promise<ArmAnswer<AsyncIterable<RawItem>>> {
    const first = await get(target, run, request);
    return mapAnswer(first, (body, reading) => followPages(client, target, run, { body, reading }));
  }

  async function listAll<T>(target: Target, run: Run, request: ListRequest<T>): Promise<ArmAnswer<T[]>> {
    const pages = await listPages(target, run, request);
    if (pages.state !== 'found') return pages;
    const all: T[] = [];
    for await (const { item, reading } of pages.value) all.push(...request.toItems(item, reading));
    return { ...pages, value: all };
  }
}
