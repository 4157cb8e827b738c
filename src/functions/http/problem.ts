import type { HttpResponseInit, InvocationContext } from '@azure/functions';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import { InvalidCursor } from '../../monitor/ports/ports.ts';
import type { Unfound } from '../../monitor/posture/read-live.ts';
import { ConfigError } from '../../settings/config-error.ts';

/** A request that can't be answered, as RFC 9457 problem details. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

/** What Azure shows of a registry now; throws a {@link Problem} where it can't be judged. */
export function toFound<T extends { state: string }>(
  answer: T | Unfound,
  { name }: ResourceId,
): Exclude<T, Unfound> {
  if (!isUnfound(answer)) return answer as Exclude<T, Unfound>;
  switch (answer.state) {
    case 'gone':
      throw new Problem(404, 'Not found', `Registry ${name} does not exist`);
    case 'notTerminal':
      throw new Problem(
        409,
        'Not yet',
        `Registry ${name} is in state ${answer.provisioningState}; ask again later`,
      );
    case 'unreadable':
      throw new Problem(502, 'Azure refuses', `Registry ${name} can't be read (${answer.reason})`);
  }
}

function isUnfound(answer: { state: string }): answer is Unfound {
  return ['gone', 'notTerminal', 'unreadable'].includes(answer.state);
}

/** Turns what a request failed with into its answer; what was not foreseen goes to the log alone. */
export function toProblemResponse(error: unknown, context: InvocationContext): HttpResponseInit {
  const problem = toKnown(error);
  if (!problem) context.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const { status, title, message } =
    problem ?? new Problem(500, 'Internal error', 'The request failed; the log of this invocation says why');
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify({ type: 'about:blank', title, status, detail: message }),
  };
}

function toKnown(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidCursor)
    return new Problem(400, 'Bad request', 'cursor is not one that this list gave out');
  if (error instanceof ReadFailure)
    return new Problem(503, 'Azure could not be read', `${error.message}; ask again later`);
  if (error instanceof ConfigError)
    return new Problem(503, 'Settings can’t be used', error.faults.join('; '));
  return undefined;
}
