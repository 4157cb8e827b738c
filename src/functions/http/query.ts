import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { isRegistryReference, isSubscriptionId } from '../../domain/estate/resource-id.ts';
import type { PageRequest } from '../../monitor/ports/ports.ts';
import { catalog, isRuleId } from '../../rules/catalog.ts';
import { Problem } from './problem.ts';

const ruleIds = catalog.map(({ id }) => id);

/** A parameter that may be given once. */
export const single = z
  .array(z.string().min(1, 'must not be empty'))
  .length(1, 'must be given once')
  .transform(([value = '']) => value);

/** A parameter that may be given several times: any of its values is meant. */
export const some = <T extends z.ZodType>(item: T) => z.array(item).optional();

/** Id of a subscription. */
export const subscriptionId = z.string().refine(isSubscriptionId, 'must be a subscription id');

/** Id of a rule. */
export const ruleId = z.string().refine(isRuleId, `must be one of ${ruleIds.join(', ')}`);

/** Resource id or name of a registry. */
export const registryReference = z
  .string()
  .min(1, 'must not be empty')
  .refine(isRegistryReference, 'must be the resource id or the name of a registry');

/** Which page of a list. */
export const pageFields = {
  limit: single
    .refine((text) => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1000, {
      error: 'must be a number from 1 to 1000',
    })
    .transform(Number)
    .optional(),
  cursor: single.optional(),
};

/** The page that is asked for: 100 items unless it is told otherwise. */
export function toPage({
  limit = 100,
  cursor,
}: {
  limit?: number | undefined;
  cursor?: string | undefined;
}): PageRequest {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}

/** What the host reads itself, in any capitals: the function key, and the key's name that older links carry. */
const hostsOwn = ['code', 'clientid'];

/**
 * Reads a request's parameters, from the address itself: the host joins repeated ones by commas in `request.query`.
 * Throws a {@link Problem} that names every faulty one.
 */
export function readQuery<T>(schema: z.ZodType<T>, request: HttpRequest): T {
  const query = new URL(request.url).searchParams;
  const names = [...new Set(query.keys())].filter((name) => !hostsOwn.includes(name.toLowerCase()));
  const parsed = schema.safeParse(Object.fromEntries(names.map((name) => [name, query.getAll(name)])));
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'Bad request', parsed.error.issues.map(toFault).join('; '));
}

function toFault(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown parameter ${issue.keys.join(', ')}`;
  const name = String(issue.path[0]);
  return issue.code === 'invalid_value'
    ? `${name} must be one of ${issue.values.join(', ')}`
    : `${name} ${issue.message}`;
}
