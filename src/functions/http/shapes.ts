import * as z from 'zod';
import { findingStatuses } from '../../domain/record/finding.ts';
import { outcomes, severities } from '../../domain/record/verdict.ts';
import { healthStatuses } from '../../monitor/answers/health.ts';
import { healthParts } from '../../monitor/answers/health-reasons.ts';
import { eventsStates, subscriptionStates } from '../../monitor/ports/ports.ts';

// What the API answers. A field that is not in here does not leave the monitor; one that is renamed in the domain does
// not compile.

const time = z.iso.datetime({ precision: 3 });
const severity = z.enum(severities);
const source = z.enum(['sweep', 'event', 'followUp', 'manual']);
const verdict = { outcome: z.enum(outcomes), reason: z.string() };
const three = z.enum(['yes', 'no', 'unknown']);

const Evidence = z.strictObject({
  values: z.record(z.string(), z.unknown()),
  read: z.array(
    z.strictObject({ what: z.string(), id: z.string(), at: time, from: z.string(), status: z.int() }),
  ),
});

const names = {
  name: z.string(),
  resourceGroup: z.string(),
  subscriptionId: z.string(),
  subscriptionName: z.string().optional(),
  portalUrl: z.string(),
};

/** One rule on one registry. */
export const Finding = z.strictObject({
  registryId: z.string(),
  ...names,
  title: z.string(),
  rule: z.string(),
  severity,
  status: z.enum(findingStatuses),
  reason: z.string(),
  firstSeen: time,
  since: time,
  unknownSince: time.optional(),
  evidence: Evidence,
});

const registryFields = {
  registryId: z.string(),
  ...names,
  location: z.string(),
  tenantId: z.string().optional(),
  sku: z.string().optional(),
  createdAt: z.string().optional(),
  state: z.enum(['present', 'gone']),
  keyHolderId: z.string().optional(),
  keyUri: z.string().optional(),
  assessedAt: time,
  confirmedAt: time,
  unconfirmedSince: time.optional(),
  source,
  revision: z.int(),
};

/** A registry with its verdicts in short. */
export const RegistrySummary = z.strictObject({
  ...registryFields,
  verdicts: z.record(z.string(), z.strictObject(verdict)),
});

/** A registry with its verdicts and what each rests on. */
export const Registry = z.strictObject({
  ...registryFields,
  verdicts: z.record(z.string(), z.strictObject({ ...verdict, evidence: Evidence.optional() })),
});

/** One commit that changed a verdict. */
export const HistoryEntry = z.strictObject({
  registryId: z.string(),
  revision: z.int(),
  at: time,
  source,
  verdicts: z.record(z.string(), z.strictObject(verdict)),
  transitions: z.array(
    z.strictObject({
      rule: z.string(),
      severity,
      transition: z.string(),
      previousStatus: z.enum(findingStatuses).optional(),
      reason: z.string(),
    }),
  ),
  evidence: Evidence,
});

/** One pass over the tenant. */
export const Sweep = z.strictObject({
  sweep: z.string(),
  startedAt: time,
  endedAt: time.optional(),
  inventory: z.enum(['graph', 'arm']).optional(),
  outcome: z.enum(['complete', 'partial', 'failed']).optional(),
  interrupted: z.literal(true).optional(),
  subscriptions: z.int(),
  registries: z.int(),
  assessed: z.int(),
  changed: z.int(),
  unconfirmed: z.int(),
  withoutEvents: z.int().optional(),
  calls: z.int(),
  rowsWritten: z.int(),
});

/** What sweeps know of a subscription. */
export const Subscription = z.strictObject({
  subscriptionId: z.string(),
  subscriptionName: z.string().optional(),
  state: z.enum(subscriptionStates),
  since: time,
  firstSeen: time,
  events: z.enum(eventsStates).optional(),
  eventsCheckedAt: time.optional(),
});

/** Something that a sweep could not confirm. */
export const SweepException = z.strictObject({
  sweep: z.string(),
  subscriptionId: z.string().optional(),
  registryId: z.string().optional(),
  reason: z.string(),
});

/** What is not as it should be. */
export const Reason = z.strictObject({
  part: z.enum(healthParts),
  code: z.string(),
  detail: z.string(),
  since: time.optional(),
});

/** How the monitor itself is doing. */
export const Health = z.strictObject({
  version: z.string(),
  status: z.enum(healthStatuses),
  reasons: z.array(Reason),
  lastSweepEndedAt: time.optional(),
  lastSweepOutcome: z.enum(['complete', 'partial', 'failed']).optional(),
  lastSweepAge: z.int().optional(),
  staleAfter: z.int().optional(),
  lastFollowUpAt: time.optional(),
  dueAssessments: z.int().optional(),
  alerts: z.strictObject({ pending: z.int(), dead: z.int() }).optional(),
});

/** What goes dark with a key holder or a key. */
export const BlastRadius = z.strictObject({
  keyHolder: z.string(),
  keyHolderId: z.string().optional(),
  key: z.string().optional(),
  state: z.enum(['found', 'deleted', 'absent', 'unreadable']),
  registries: z.array(z.strictObject({ registryId: z.string(), keyUri: z.string() })),
  recovery: z.strictObject({ isRecoverable: three, until: z.string().optional(), isPurgeable: three }),
});

const Custodian = z.strictObject({
  principalId: z.string(),
  kind: z.string(),
  identityId: z.string().optional(),
  isCertain: z.boolean(),
  grants: z.array(
    z.strictObject({
      by: z.enum(['role', 'accessPolicy']),
      id: z.string(),
      role: z.string().optional(),
      scope: z.string().optional(),
      doubt: z.string().optional(),
    }),
  ),
});

/** Who holds the key of a registry. */
export const Custody = z.strictObject({
  registryId: z.string(),
  keyIdentifier: z.string().optional(),
  keyHolderId: z.string(),
  authorization: z.enum(['roles', 'accessPolicies', 'localRoles', 'unknown']),
  deleteLock: three,
  auditLog: three,
  canUnwrap: z.array(Custodian),
  canChangeAccess: z.array(Custodian),
  canManageRegistry: z.array(Custodian),
  inBoth: z.array(z.string()),
  doubts: z.array(z.string()),
});

/** How to mend what a rule fails on. */
export const Remedy = z.strictObject({
  rule: z.string(),
  severity,
  reason: z.string(),
  title: z.string(),
  summary: z.string(),
  warnings: z.array(z.string()),
  az: z.string(),
  bicep: z.string().optional(),
  terraform: z.string().optional(),
  verify: z.string(),
  expect: z.string(),
});

/** A rule in words. */
export const Rule = z.strictObject({
  id: z.string(),
  severity,
  isOnByDefault: z.boolean(),
  title: z.string(),
  checks: z.string(),
  why: z.string(),
  remedy: z.string(),
  reasons: z.record(z.string(), z.string()),
  controls: z
    .array(
      z.strictObject({
        framework: z.string(),
        control: z.string(),
        title: z.string(),
        basis: z.string(),
        link: z.string(),
      }),
    )
    .readonly(),
  links: z.array(z.string()).readonly(),
});
