import pMap from 'p-map';
import type { KeyHolder } from '../../domain/estate/key-holder.ts';
import type { HolderKind } from '../../domain/estate/key-identifier.ts';

import type { ArmAnswer } from '../ports/azure-ports.ts';

/** What searching lists came to; without a key holder, the failures of lists that may hold it. */
export interface SearchResult {
  holder?: KeyHolder;
  failures: readonly unknown[];
}

/** Lists of one kind of places, and how a match is read. */
interface Lists<T> {
  list(kind: HolderKind, subscription: string): Promise<ArmAnswer<T[]>>;
  isMatch(item: T): boolean;
  read(item: T): Promise<KeyHolder | undefined>;
}

/** How many subscriptions are searched at once. */
const concurrency = 8;

/** Searches lists of subscriptions for a key holder, and reads what matches. */
export async function searchLists<T>(
  kinds: readonly HolderKind[],
  where: readonly string[],
  { list, isMatch, read }: Lists<T>,
): Promise<SearchResult> {
  const failures: unknown[] = [];
  for (const kind of kinds) {
    const answers = await pMap(where, (subscription) => settle(list(kind, subscription)), { concurrency });
    for (const answer of answers) if (answer.state === 'failed') failures.push(answer.error);
    const match = answers.flatMap((answer) => (answer.state === 'found' ? answer.value : [])).find(isMatch);
    const holder = match && (await read(match));
    if (holder) return { holder, failures };
  }
  return { failures };
}

function settle<T>(
  answer: Promise<ArmAnswer<T>>,
): Promise<ArmAnswer<T> | { state: 'failed'; error: unknown }> {
  return answer.catch((error: unknown) => ({ state: 'failed', error }));
}
