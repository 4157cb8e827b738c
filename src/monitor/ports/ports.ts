import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { Alert, Message, Route } from '../../domain/record/alert.ts';
import type { Finding, FindingStatus, HistoryEntry, RegistryRecord } from '../../domain/record/finding.ts';
import type { Outcome, Severity } from '../../domain/record/verdict.ts';

/** One run of a use case: its log, its deadline, and what it has cost so far. */
export interface Run {
  log: Log;
  signal: AbortSignal;
  /** Requests sent to Azure, repeats included. */
  calls: number;
  /** Table rows written or deleted. */
  rowsWritten: number;
  /** Deliveries under way beside the run's own work; a run waits for them at its end. */
  deliveries: Promise<void>[];
}

/** Where a run says what an operator should know. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
}

/** What a row holds, in the version that was read. */
export type Versioned<T> = T & { etag: string };

/** What a sweep compares: one short row a registry. */
export interface RegistryMark {
  registryId: string;
  etag: string;
  state: RegistryRecord['state'];
  digest: string;
  createdAt?: string;
  assessedAt: string;
}

/** That a registry hangs on a key holder, and where that was last seen. */
export interface Link {
  holderHost: string;
  holderId?: string;
  holderLocation?: string;
  /** When all subscriptions were last searched for it in vain, ISO 8601, UTC. */
  searchedAt?: string;
  registryId: string;
}

/** All that one assessment writes, in one transaction. */
export interface Commit {
  /** Version of the registry's row that the assessment started from; absent when there was none. */
  etag?: string;
  registry: RegistryRecord;
  findings: Finding[];
  /** Present when a verdict changed. */
  history?: HistoryEntry;
  link?: Omit<Link, 'registryId'>;
  /** Host of a key holder that the registry no longer hangs on. */
  unlinkHost?: string;
  alerts: Alert[];
}

/** What became of a commit: the alerts it wrote, or that another assessment was faster. */
export type CommitResult =
  /** With the new version of the registry's row. */
  { state: 'committed'; etag: string; alerts: Versioned<Alert>[]; rows: number } | { state: 'lostRace' };

/** Keeps registries, findings, history and links. */
export interface FindingStore {
  readRegistry(id: ResourceId): Promise<Versioned<RegistryRecord> | undefined>;
  readFindings(id: ResourceId): Promise<Finding[]>;
  /** Marks of all registries, or of a range that holds at least the given ones. */
  listMarks(only?: readonly ResourceId[]): AsyncIterable<RegistryMark>;
  commit(commit: Commit): Promise<CommitResult>;
  /** Links to hosts that start with the given text, in all partitions. */
  listLinks(hostPrefix: string): Promise<Link[]>;
  /** Links to a key holder by its id, in any casing. */
  listLinksTo(holderId: string): Promise<Link[]>;
  /** Links to the key holders below a scope, in any casing. */
  listLinksBelow(scope: string): Promise<Link[]>;
}

/** An assessment that is written down for later. */
export interface DueAssessment {
  registryId: string;
  reason: string;
  /** ISO 8601, UTC. */
  due: string;
  tries: number;
}

/** Keeps due assessments, at most one a registry. */
export interface DueStore {
  /** Writes each, in place of one that is there. */
  put(assessments: readonly DueAssessment[]): Promise<Versioned<DueAssessment>[]>;
  /** Due at the given time, longest due first, up to `limit`. */
  listDue(now: string, limit: number): Promise<Versioned<DueAssessment>[]>;
  /** Replaces or removes one in the version that was worked off; a newer version stays as it is. */
  settle(worked: Versioned<DueAssessment>, next: DueAssessment | 'done'): Promise<void>;
  count(): Promise<number>;
  /** How many were due before the given time, or were tried at least so often. */
  countStuck(stuck: { dueBefore: string; tries: number }): Promise<number>;
}

/** Keeps alerts until they were delivered. */
export interface AlertStore {
  /** Writes an alert that belongs to no registry's commit, in place of one of the same id. */
  add(alert: Alert): Promise<void>;
  /** Pending alerts to be sent now: due and not leased, or all of a sweep that are not leased; what can't be read is told to `passOver`. */
  listSendable(now: string, sweep?: string, passOver?: (error: Error) => void): Promise<Versioned<Alert>[]>;
  /** Takes an alert for sending; undefined when somebody else was faster. */
  lease(
    alert: Versioned<Alert>,
    lease: { until: string; roundUp?: string },
  ): Promise<Versioned<Alert> | undefined>;
  /** Writes an alert back in the version that was leased, without its lease; a newer version stays as it is. */
  postpone(alert: Versioned<Alert>): Promise<void>;
  remove(alert: Versioned<Alert>): Promise<void>;
  count(): Promise<{ pending: number; dead: number }>;
}

/** What became of one delivery. */
export type Delivery =
  | { state: 'delivered' }
  | { state: 'failed'; error: string; retryAfter?: number }
  /** The receiver asked to stop (410). */
  | { state: 'refused'; error: string };

/** Where alerts go, and which. */
export interface AlertSink extends Route {
  deliver(message: Message): Promise<Delivery>;
}

/** One pass over the tenant. */
export interface SweepRecord {
  sweep: string;
  startedAt: string;
  endedAt?: string;
  /** Where the registries were read from; `arm` also where Resource Graph could not be used. */
  inventory?: 'graph' | 'arm';
  outcome?: 'complete' | 'partial' | 'failed';
  /** The process ended before the sweep did. */
  interrupted?: true;
  subscriptions: number;
  registries: number;
  assessed: number;
  changed: number;
  unconfirmed: number;
  /** Subscriptions without an event subscription that leads to the monitor. */
  withoutEvents?: number;
  calls: number;
  rowsWritten: number;
}

/** States of a subscription. */
export const subscriptionStates = ['read', 'unreadable', 'lost', 'forgotten'] as const;

/** What a sweep knows of a subscription. */
export interface SubscriptionRecord {
  subscriptionId: string;
  /** Its display name, as it was last seen. */
  subscriptionName?: string;
  /** `forgotten`: it was lost, and somebody said that it is gone for good. */
  state: (typeof subscriptionStates)[number];
  since: string;
  firstSeen: string;
  /** Whether an event subscription leads its changes to the monitor; absent until it was looked at. */
  events?: EventsState;
  /** When that was looked at last, ISO 8601, UTC. */
  eventsCheckedAt?: string;
}

/** Whether an event subscription leads a subscription's changes to the monitor; `unknown` where that can't be read. */
export const eventsStates = ['subscribed', 'missing', 'unknown'] as const;
/** Whether events of a subscription reach the monitor. */
export type EventsState = (typeof eventsStates)[number];

/** Something that a sweep could not confirm. */
export interface SweepException {
  sweep: string;
  subscriptionId?: string;
  registryId?: string;
  reason: string;
}

/** Keeps what sweeps did. */
export interface SweepStore {
  put(record: SweepRecord): Promise<void>;
  addExceptions(sweep: SweepRecord, exceptions: readonly SweepException[]): Promise<void>;
  /** What a sweep could not confirm. */
  listExceptions(sweep: SweepRecord, page: PageRequest): Promise<Page<SweepException>>;
  listSubscriptions(): Promise<SubscriptionRecord[]>;
  putSubscription(record: SubscriptionRecord): Promise<void>;
  /** By id. */
  listCoverage(
    states: readonly SubscriptionRecord['state'][],
    page: PageRequest,
  ): Promise<Page<SubscriptionRecord>>;
  /** Newest first. */
  listSweeps(page: PageRequest): Promise<Page<SweepRecord>>;
  /** Notes when following up began, in place of what was noted before. */
  noteFollowUp(at: string): Promise<void>;
  /** When following up last began; undefined before the first time. */
  readFollowedUp(): Promise<string | undefined>;
}

/** All that the monitor keeps. */
export interface Store {
  findings: FindingStore;
  due: DueStore;
  alerts: AlertStore;
  sweeps: SweepStore;
  queries: FindingQueries;
}

/** Which page of a list. */
export interface PageRequest {
  limit: number;
  cursor?: string;
}

/** A page of a list; the cursor is absent on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** Which findings; several values of one filter mean any of them. */
export interface FindingFilter {
  status?: FindingStatus[] | undefined;
  severity?: Severity[] | undefined;
  rule?: string[] | undefined;
  subscription?: string[] | undefined;
  /** Resource ids or names. */
  registry?: string[] | undefined;
}

/** A finding with the registry it is of. */
export type RegistryFinding = Finding & { registryId: string };

/** Which registries; several values of one filter mean any of them. */
export interface RegistryFilter {
  subscription?: string[] | undefined;
  /** What some rule says of it. */
  outcome?: Outcome[] | undefined;
}

/** Answers questions. */
export interface FindingQueries {
  findings(filter: FindingFilter, page: PageRequest): Promise<Page<RegistryFinding>>;
  registries(filter: RegistryFilter, page: PageRequest): Promise<Page<RegistryRecord>>;
  /** Newest first. */
  history(id: ResourceId, page: PageRequest): Promise<Page<HistoryEntry>>;
}

/** A cursor that this list did not give out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}
