import * as z from 'zod';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import type { Page, PageRequest } from '../../monitor/ports/ports.ts';
import type { Start } from '../../monitor/ports/run.ts';
import { pageFields, toPage } from './query.ts';
import { Reason } from './shapes.ts';

/** A question that the API answers: all that is to be known of it. */
export interface Endpoint {
  /** Name of its function. */
  name: string;
  /** Path below `/api/`, with its parameters in braces. */
  route: string;
  method: 'GET' | 'POST';
  /** What it answers, in one sentence. */
  summary: string;
  query: z.ZodType;
  /** Shape of the body of a good answer. */
  answers: z.ZodType;
  answer(asked: Asked<never>): unknown;
  /** HTTP status of an answer (200). */
  status?(body: never): number;
}

/** A request as an endpoint gets it. */
export interface Asked<Q> {
  query: Q;
  /** The registry that the path names; throws a problem where it names none. */
  registry(): ResourceId;
  /** The monitor of this process; throws where settings can't be used. */
  monitor(): Monitor;
  /** Starts a run that logs to this request's invocation. */
  start: Start;
}

interface EndpointOf<Q extends z.ZodType, A extends z.ZodType> {
  name: string;
  route: string;
  method?: 'GET' | 'POST';
  summary: string;
  query?: Q;
  answers: A;
  answer(asked: Asked<z.output<Q>>): z.output<A> | Promise<z.output<A>>;
  status?(body: z.output<A>): number;
}

type NoParameters = z.ZodObject<Record<never, z.ZodType>, z.core.$strict>;

/** Defines an endpoint; without `query` it takes no parameters. */
export function endpoint<A extends z.ZodType, Q extends z.ZodType = NoParameters>({
  method = 'GET',
  query,
  ...rest
}: EndpointOf<Q, A>): Endpoint {
  return { method, query: query ?? z.strictObject({}), ...rest };
}

/** Defines a list: it comes page by page, and its filters are optional. */
export function list<I extends z.ZodType, F extends z.ZodRawShape = Record<never, z.ZodType>>({
  filters,
  item,
  items,
  ...rest
}: {
  name: string;
  route: string;
  summary: string;
  filters?: F;
  item: I;
  items(
    asked: Omit<Asked<never>, 'query'>,
    filter: z.output<z.ZodObject<F>>,
    page: PageRequest,
  ): Promise<Page<z.output<I>>>;
}): Endpoint {
  return endpoint({
    ...rest,
    query: z.strictObject({ ...filters, ...pageFields }),
    answers: z.strictObject({
      items: z.array(item),
      nextCursor: z.string().optional(),
      notKnown: z.array(Reason).optional(),
    }),
    answer({ query, ...asked }) {
      const { limit, cursor, ...filter } = query as { limit?: number; cursor?: string };
      return items(asked, filter as never, toPage({ limit, cursor })) as never;
    },
  });
}
