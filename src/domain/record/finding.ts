import type { Evidence, Severity, VerdictSummaries } from './verdict.ts';

/** Where a finding stands. */
export const findingStatuses = ['open', 'resolved', 'exempted', 'closed'] as const;
/** Where a finding stands; `closed` because its registry is gone. */
export type FindingStatus = (typeof findingStatuses)[number];

/** The durable record of one rule on one registry; times are ISO 8601, UTC. */
export interface Finding {
  rule: string;
  severity: Severity;
  status: FindingStatus;
  reason: string;
  /** First time that the rule failed on this registry. */
  firstSeen: string;
  /** Since when it has its status. */
  since: string;
  /** Since when nothing can be told of it, while the verdict is `unknown`. */
  unknownSince?: string;
  evidence: Evidence;
}

/** What happened to one rule on one registry. */
export interface Transition {
  rule: string;
  severity: Severity;
  transition:
    | 'opened'
    | 'resolved'
    | 'reopened'
    | 'exempted'
    | 'unexempted'
    | 'closed'
    | 'obscured'
    | 'revealed';
  /** Status of the finding before, where there was one. */
  previousStatus?: FindingStatus;
  reason: string;
}

/** What made an assessment happen. */
export type Source = 'sweep' | 'event' | 'followUp' | 'manual';

/** The latest posture of a registry in short. */
export interface RegistryRecord {
  registryId: string;
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  location: string;
  /** Tenant of its subscription, where it is known: another one than the monitor's by Azure Lighthouse. */
  tenantId?: string;
  sku?: string;
  createdAt?: string;
  /** `gone` once ARM said in the right words that it does not exist. */
  state: 'present' | 'gone';
  keyHolderId?: string;
  keyUri?: string;
  verdicts: VerdictSummaries;
  /** What each verdict rests on, by rule id. */
  evidence: Record<string, Evidence>;
  /** Fingerprint of verdicts and rule set: equal ones need neither a reading nor a write. */
  digest: string;
  assessedAt: string;
  source: Source;
  /** Counts the commits of this registry. */
  revision: number;
}

/** One commit that changed a verdict. */
export interface HistoryEntry {
  registryId: string;
  revision: number;
  at: string;
  source: Source;
  verdicts: VerdictSummaries;
  transitions: Transition[];
  evidence: Evidence;
}
