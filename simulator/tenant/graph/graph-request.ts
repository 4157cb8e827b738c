import * as z from 'zod';
import { QueryFault } from './query-fault.ts';

const filters = ['AtScopeAndBelow', 'AtScopeAndAbove', 'AtScopeExact', 'AtScopeAboveAndBelow'] as const;

const Ids = z.array(z.string()).nullish();

const GraphRequest = z.object({
  subscriptions: Ids.refine((ids) => !ids || ids.length <= 1000, 'at most 1000 subscriptions are allowed'),
  managementGroups: Ids,
  query: z.string(),
  options: z
    .object({
      $top: z.int().min(1).max(1000).nullish(),
      $skip: z.int().min(0).nullish(),
      $skipToken: z.string().nullish(),
      resultFormat: z.enum(['objectArray', 'table']).nullish(),
      authorizationScopeFilter: z.enum(filters).nullish(),
      allowPartialScopes: z.boolean().nullish(),
    })
    .nullish(),
  facets: z.array(z.unknown()).max(0, 'the simulated Resource Graph does not support facets').nullish(),
});

/** Which role assignments a query sees, seen from its scope. */
export type ScopeFilter = (typeof filters)[number];

/** The body of a query. */
export type GraphRequest = z.infer<typeof GraphRequest>;

/** Parses a query's body, or fails with what is wrong with it. */
export function parseGraphRequest(body: unknown): GraphRequest {
  const parsed = GraphRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new QueryFault({ code: 'InvalidRequest', message });
}
