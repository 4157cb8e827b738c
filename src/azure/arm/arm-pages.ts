import { toPage } from '../../bodies/lists.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import type { ArmAnswer } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import { type ArmCaller, emptyList, type OperationOptions, type Target } from './arm-call.ts';

/** What the SDK's clients have in common that paging needs. */
export interface Client {
  pathUnchecked(path: string): { get(options: OperationOptions): PromiseLike<unknown> };
}

/** Asks an operation of the SDK for its first page. */
export type FirstPage = (options: OperationOptions) => { byPage(): { next(): Promise<unknown> } };

/** An item of a list as ARM wrote it, and the answer that it came in. */
export interface RawItem {
  item: unknown;
  reading: Reading;
}

/** Builds the paging. */
export function createArmPages({ call }: ArmCaller) {
  return { listPages, followPages };

  /** Reads the first page at once, since its answer says whether there is a list, and the others as they are asked for. */
  async function listPages(
    client: Client,
    target: Target,
    run: Run,
    list: FirstPage,
  ): Promise<ArmAnswer<AsyncIterable<RawItem>>> {
    // By page: asked for an item, the SDK goes on over empty pages by itself, without our deadline.
    const first = await call({ whereNone: emptyList, ...target }, run, (o) => list(o).byPage().next());
    return mapAnswer(first, (body, reading) => followPages(client, target, run, { body, reading }));
  }

  async function* followPages(
    client: Client,
    target: Target,
    run: Run,
    first: { body: unknown; reading: Reading },
  ): AsyncGenerator<RawItem> {
    const followed = new Set<string>();
    let { body, reading } = first;
    for (;;) {
      const { items, nextLink } = toPage(body, reading);
      for (const item of items) yield { item, reading };
      if (!nextLink) return;
      if (followed.has(nextLink))
        throw new ReadFailure(`Reading ${target.what} ${target.id}: the pages run in a circle`);
      followed.add(nextLink);
      const next = await call(target, run, async (o) => client.pathUnchecked(nextLink).get(o));
      if (next.state !== 'found')
        throw new ReadFailure(`Reading ${target.what} ${target.id}: page lost, HTTP ${next.reading.status}`);
      ({ value: body, reading } = next);
    }
  }
}

/** Turns an answer into another one; what was not found stays as it is. */
export function mapAnswer<A, B>(answer: ArmAnswer<A>, map: (value: A, reading: Reading) => B): ArmAnswer<B> {
  return answer.state === 'found' ? { ...answer, value: map(answer.value, answer.reading) } : answer;
}
