import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { toPresent } from '../../domain/estate/present.ts';
import { isRegistryReference, isSubscriptionId } from '../../domain/estate/resource-id.ts';
import { findingStatuses } from '../../domain/record/finding.ts';
import { severities } from '../../domain/record/verdict.ts';
import {
  type FindingFilter,
  type PageRequest,
  type SubscriptionRecord,
  subscriptionStates,
} from '../../monitor/ports/ports.ts';
import { catalog } from '../../rules/catalog.ts';
import { Problem } from './answer.ts';

const ruleIds = catalog.map(({ id }) => id);
const some = <T extends z.ZodType>(item: T) => z.array(item).optional();
const subscriptionId = z.string().refine(isSubscriptionId, 'must be a subscription id');
const single = z
  .array(z.string().min(1, 'must not be empty'))
  .length(1, 'must be given once')
  .transform(([value]) => value);

const pageFields = {
  limit: single
    .refine((text) => /^\d{1,4}$/.test(text ?? '') && Number(text) >= 1 && Number(text) <= 1000, {
      error: 'must be a number from 1 to 1000',
    })
    .transform(Number)
    .optional(),
  cursor: single.optional(),
};

const PageQuery = z.strictObject(pageFields);
const BlastRadiusQuery = z.strictObject({
  of: single.transform((text) => text?.trim()).refine(Boolean, 'must not be empty'),
});
const CoverageQuery = z.strictObject({ ...pageFields, state: some(z.enum(subscriptionStates)) });
const RegistriesQuery = z.strictObject({ ...pageFields, subscription: some(subscriptionId) });
const ruleId = z.string().refine((id) => ruleIds.includes(id), `must be one of ${ruleIds.join(', ')}`);
const RulesQuery = z.strictObject({ rule: some(ruleId) });
const FindingsQuery = z.strictObject({
  ...pageFields,
  subscription: some(subscriptionId),
  status: some(z.enum(findingStatuses)),
  severity: some(z.enum(severities)),
  rule: some(ruleId),
  registry: some(
    z
      .string()
      .min(1, 'must not be empty')
      .refine(isRegistryReference, 'must be the resource id or the name of a registry'),
  ),
});

/** Refuses all parameters, where there is nothing to choose. */
export function refuseQuery(request: HttpRequest): void {
  parse(z.strictObject({}), request);
}

/** The page that a list without filters is asked for. */
export function toPageQuery(request: HttpRequest): PageRequest {
  return toPage(parse(PageQuery, request));
}

/** The vault, Managed HSM or key that is asked about. */
export function toBlastRadiusQuery(request: HttpRequest): string {
  return parse(BlastRadiusQuery, request).of ?? '';
}

/** The rules that are asked about; none for all. */
export function toRulesQuery(request: HttpRequest): string[] {
  return parse(RulesQuery, request).rule ?? [];
}

/** States and page of the list of subscriptions. */
export function toCoverageQuery(request: HttpRequest): [SubscriptionRecord['state'][], PageRequest] {
  const { limit, cursor, state = [] } = parse(CoverageQuery, request);
  return [state, toPage({ limit, cursor })];
}

/** Filter and page of the list of registries. */
export function toRegistriesQuery(request: HttpRequest): [Pick<FindingFilter, 'subscription'>, PageRequest] {
  const { limit, cursor, ...filter } = parse(RegistriesQuery, request);
  return [toPresent(filter), toPage({ limit, cursor })];
}

/** Filter and page of the list of findings. */
export function toFindingsQuery(request: HttpRequest): [FindingFilter, PageRequest] {
  const { limit, cursor, ...filter } = parse(FindingsQuery, request);
  return [toPresent(filter), toPage({ limit, cursor })];
}

function toPage({
  limit = 100,
  cursor,
}: {
  limit?: number | undefined;
  cursor?: string | undefined;
}): PageRequest {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}

/**
 * Parameters by name, read from the address itself: the host joins repeated ones by commas in `request.query`.
 * `code` carries the function key and is the host's business.
 */
function parse<T>(schema: z.ZodType<T>, request: HttpRequest): T {
  const query = new URL(request.url).searchParams;
  const names = [...new Set(query.keys())].filter((name) => name !== 'code' && name !== 'clientId');
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
