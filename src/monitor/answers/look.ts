/** What looking at a part came to. */
export type Look<T> = { state: 'seen'; value: T } | { state: 'failed'; error: unknown } | { state: 'late' };

/** Looks at a part for the given time, in milliseconds. */
export async function lookWithin<T>(patience: number, work: Promise<T>): Promise<Look<T>> {
  const late = Promise.withResolvers<Look<T>>();
  const timer = setTimeout(() => late.resolve({ state: 'late' }), patience);
  const looked = work.then(
    (value): Look<T> => ({ state: 'seen', value }),
    (error: unknown): Look<T> => ({ state: 'failed', error }),
  );
  return Promise.race([looked, late.promise]).finally(() => clearTimeout(timer));
}

/** Says why a part can't be reached by statuses and codes alone: messages may hold addresses. */
export function toTrouble(look: Exclude<Look<unknown>, { state: 'seen' }>): { code: string; detail: string } {
  if (look.state === 'late') return { code: 'no_answer', detail: 'It does not answer in time' };
  const codes = [...new Set(toCodes(look.error))];
  const told = codes.length > 0 ? ` (${codes.join(', ')})` : '';
  return codes.some((code) => code === '401' || code === '403')
    ? { code: 'refused', detail: `It refuses the monitor${told}` }
    : { code: 'out_of_reach', detail: `It can’t be reached or does not answer as it should${told}` };
}

/** Statuses and codes of an error and of what caused it. */
function toCodes(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { status, statusCode, code, codes, cause, errors } = error as Record<string, unknown>;
  const own = [status, statusCode, code, ...(Array.isArray(codes) ? codes : [])];
  const told = own.map((value) => String(value ?? '')).filter((text) => /^[\w-]{3,60}$/.test(text));
  const below = [cause, ...(Array.isArray(errors) ? errors : [])];
  return [...told, ...below.flatMap((one) => toCodes(one, depth + 1))];
}
