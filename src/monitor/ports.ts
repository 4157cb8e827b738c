import type { Alert, Message } from '../domain/alert.ts';
import type { DiagnosticSetting } from '../domain/diagnostic-settings.ts';
import type { Finding, FindingStatus, HistoryEntry, RegistryRecord } from '../domain/finding.ts';
import type { FoundKeyVersion } from '../domain/key.ts';
import type { DeletedKeyHolder, FoundKeyHolder } from '../domain/key-holder.ts';
import type { KeyIdentifier } from '../domain/key-identifier.ts';
import type { Lock } from '../domain/lock.ts';
import type { Reading } from '../domain/reading.ts';
import type { Registry } from '../domain/registry.ts';
import type { ResourceId } from '../domain/resource-id.ts';
import type { Role, RoleAssignment, RolePermission } from '../domain/role.ts';
import type { AlwaysReady, EventSubscription } from '../domain/setup.ts';
import type { Severity } from '../domain/verdict.ts';

/** One run of a use case: its deadline, and what it has cost so far. */
export interface Run {
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

/** What ARM answered when it answered in the right words; a failed call throws {@link ReadFailure} instead. */
export type Answer<T> =
  | { state: 'found'; value: T; reading: Reading }
  /** ResourceNotFound or ResourceGroupNotFound: it does not exist. */
  | { state: 'gone'; reading: Reading }
  /** 403: we are not allowed to read it. */
  | { state: 'forbidden'; reading: Reading }
  /** SubscriptionNotFound: we can't see its subscription any more. */
  | { state: 'subscriptionLost'; reading: Reading };

/** An item of a list: read, or odd in a way that is told. */
export type Listed<T> = { item: T } | { oddItem: string; reason: string };

/** A call that gave no answer to rely on: throttled, failed, timed out, or a body that can't be one. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  /** How long Azure asks to wait, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** There is no token: nobody is signed in, or the identity can't be used. */
  readonly isSignIn: boolean;
  /** HTTP status of the answer, where there was one. */
  readonly status: number | undefined;
  /** Azure's error code and those of its details, where the answer had some. */
  readonly codes: readonly string[];

  constructor(
    message: string,
    options: {
      cause?: unknown;
      retryAfter?: number | undefined;
      isSignIn?: boolean;
      status?: number;
      codes?: readonly string[];
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAfter = options.retryAfter;
    this.isSignIn = options.isSignIn ?? false;
    this.status = options.status;
    this.codes = options.codes ?? [];
  }
}

/** Resource Graph can't be used: it is not allowed, or leaves out what the rules need. */
export class GraphUnavailable extends Error {
  override readonly name = 'GraphUnavailable';
}

/** A registry as an inventory shows it: perhaps late, and perhaps without all that the rules need. */
export type NominatedRegistry =
  | { item: Registry; isWhole: boolean; tenantId?: string }
  | { oddItem: string; reason: string };

/** Reads whole tenants in few calls: what it shows nominates, it does not decide. Throws {@link GraphUnavailable}. */
export interface Inventory {
  /** Registries of the given subscriptions, page by page. */
  listRegistries(subscriptionIds: readonly string[], run: Run): AsyncIterable<NominatedRegistry[]>;
  /** Key holders of keys by host, searched in the given subscriptions in this order; those not shown are left out. */
  readKeyHolders(
    keys: readonly KeyIdentifier[],
    subscriptionIds: readonly string[],
    run: Run,
  ): Promise<Map<string, FoundKeyHolder | DeletedKeyHolder>>;
  /** Fills in what a registry's row does not tell of its user-assigned identities, where their own rows do. */
  completeIdentities(
    registries: readonly Registry[],
    subscriptionIds: readonly string[],
    run: Run,
  ): Promise<Registry[]>;
  /** All role assignments in, below and above the given subscriptions, found by scope. */
  readRoleAssignments(subscriptionIds: readonly string[], run: Run): Promise<RoleAssignmentIndex>;
  /** Which of the given subscriptions can be read, ids in lower case. */
  listReadableSubscriptions(subscriptionIds: readonly string[], run: Run): Promise<Set<string>>;
}

/** Role assignments as an inventory shows them. */
export interface RoleAssignmentIndex {
  /** Those that apply at a scope; undefined where it can't be told whether a management group's do. */
  at(scope: string): Answer<RoleAssignment[]> | undefined;
}

/** A subscription that the identity sees. */
export interface Subscription {
  subscriptionId: string;
  displayName: string;
  tenantId?: string;
}

/** Which of the two services holds a key. */
export type HolderKind = FoundKeyHolder['kind'];

/** Where a live key holder is. */
export interface HolderLocation {
  id: ResourceId;
  /** Its own URI, where Azure tells it. */
  uri?: string;
}

/** Where a soft-deleted key holder is kept. */
export interface DeletedHolderLocation {
  kind: HolderKind;
  name: string;
  subscriptionId: string;
  /** Azure region, in Azure's short form. */
  location: string;
}

/** Reads Azure Resource Manager. Each method throws {@link ReadFailure} for a failed call. */
export interface AzureReader {
  listSubscriptions(run: Run): Promise<Listed<Subscription>[]>;
  /** Ids of all subscriptions below a management group. */
  listSubscriptionsBelow(managementGroup: string, run: Run): Promise<string[]>;
  readRegistry(id: ResourceId, run: Run): Promise<Answer<Registry>>;
  /** All registries of a subscription, page by page. */
  listRegistries(subscriptionId: string, run: Run): Promise<Answer<AsyncIterable<Listed<Registry>>>>;
  readKeyHolder(id: ResourceId, run: Run): Promise<Answer<FoundKeyHolder | DeletedKeyHolder>>;
  /** Where the live key holders of a subscription are, and Managed HSMs that are on their way out. */
  listKeyHolders(kind: HolderKind, subscriptionId: string, run: Run): Promise<Answer<HolderLocation[]>>;
  readDeletedKeyHolder(deleted: DeletedHolderLocation, run: Run): Promise<Answer<DeletedKeyHolder>>;
  listDeletedKeyHolders(
    kind: HolderKind,
    subscriptionId: string,
    run: Run,
  ): Promise<Answer<DeletedHolderLocation[]>>;
  /** Whether a name is free in the whole cloud; undefined where that can't be asked, as Key Vault is not in use there. */
  isNameFree(
    kind: HolderKind,
    name: string,
    subscriptionId: string,
    run: Run,
  ): Promise<Answer<boolean> | undefined>;
  /** A key's newest version, or a certain one. */
  readKey(
    holder: ResourceId,
    key: { name: string; version?: string },
    run: Run,
  ): Promise<Answer<FoundKeyVersion>>;
  /** Role assignments at a scope and above it. */
  readRoleAssignments(scope: string, run: Run): Promise<Answer<RoleAssignment[]>>;
  readRole(roleDefinitionId: string, run: Run): Promise<Answer<Role>>;
  readDiagnosticSettings(resourceId: string, run: Run): Promise<Answer<DiagnosticSetting[]>>;
  /** Locks at a resource and above it. */
  readLocks(resourceId: string, run: Run): Promise<Answer<Lock[]>>;
}

/** Reads how the monitor itself is set up in Azure. Each method throws {@link ReadFailure} for a failed call. */
export interface SetupReader {
  /** What the identity may do at a scope, whatever grants it. */
  readPermissions(scope: string, run: Run): Promise<Answer<RolePermission[]>>;
  /** Name of a policy by its GUID; undefined where it has none. */
  readPolicyName(policy: string, run: Run): Promise<Answer<string | undefined>>;
  /** Event subscriptions of a subscription's resource events that lead to functions. */
  listEventSubscriptions(subscriptionId: string, run: Run): Promise<Answer<EventSubscription[]>>;
  /** Which functions of an app are kept ready; undefined for an app of another plan than Flex Consumption. */
  readAlwaysReady(siteId: string, run: Run): Promise<Answer<AlwaysReady[] | undefined>>;
}

/** A registry's row in the version that was read. */
export interface StoredRegistry extends RegistryRecord {
  etag: string;
}

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

/** An alert's row in the version that was read. */
export interface StoredAlert extends Alert {
  etag: string;
}

/** What became of a commit: the alerts it wrote, or that another assessment was faster. */
export type CommitResult =
  /** With the new version of the registry's row. */
  { state: 'committed'; etag: string; alerts: StoredAlert[]; rows: number } | { state: 'lostRace' };

/** Keeps registries, findings, history and links. */
export interface FindingStore {
  readRegistry(id: ResourceId): Promise<StoredRegistry | undefined>;
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

/** A due assessment's row in the version that was read. */
export interface StoredDueAssessment extends DueAssessment {
  etag: string;
}

/** Keeps due assessments, at most one a registry. */
export interface DueStore {
  /** Writes each, in place of one that is there. */
  put(assessments: readonly DueAssessment[]): Promise<StoredDueAssessment[]>;
  /** Due at the given time, longest due first, up to `limit`. */
  listDue(now: string, limit: number): Promise<StoredDueAssessment[]>;
  /** Replaces or removes one in the version that was worked off; a newer version stays as it is. */
  settle(worked: StoredDueAssessment, next: DueAssessment | 'done'): Promise<void>;
  count(): Promise<number>;
}

/** Keeps alerts until they were delivered. */
export interface AlertStore {
  /** Writes an alert that belongs to no registry's commit, in place of one of the same id. */
  add(alert: Alert): Promise<void>;
  /** Pending alerts to be sent now: due and not leased, or all of a sweep that are not leased. */
  listSendable(now: string, sweep?: string): Promise<StoredAlert[]>;
  /** Takes an alert for sending; undefined when somebody else was faster. */
  lease(alert: StoredAlert, lease: { until: string; digest?: string }): Promise<StoredAlert | undefined>;
  /** Writes an alert back in the version that was leased, without its lease; a newer version stays as it is. */
  postpone(alert: StoredAlert): Promise<void>;
  remove(alert: StoredAlert): Promise<void>;
  count(): Promise<{ pending: number; dead: number }>;
}

/** What became of one delivery. */
export type Delivery =
  | { state: 'delivered' }
  | { state: 'failed'; error: string; retryAfter?: number }
  /** The receiver asked to stop (410). */
  | { state: 'refused'; error: string };

/** Where alerts go. */
export interface AlertSink {
  name: string;
  minSeverity: Severity;
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
export type EventsState = 'subscribed' | 'missing' | 'unknown';

/** Something that a sweep could not confirm. */
export interface SweepException {
  sweep: string;
  subscriptionId?: string;
  registryId?: string;
  reason: string;
}

/** Keeps what sweeps did. */
export interface SweepLog {
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
  status?: FindingStatus[];
  severity?: Severity[];
  rule?: string[];
  subscription?: string[];
  /** Resource ids or names. */
  registry?: string[];
}

/** A finding with the registry it is of. */
export type RegistryFinding = Finding & { registryId: string };

/** Answers questions. */
export interface FindingQueries {
  findings(filter: FindingFilter, page: PageRequest): Promise<Page<RegistryFinding>>;
  registries(filter: Pick<FindingFilter, 'subscription'>, page: PageRequest): Promise<Page<RegistryRecord>>;
  /** Newest first. */
  history(id: ResourceId, page: PageRequest): Promise<Page<HistoryEntry>>;
}

/** A cursor that this list did not give out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}
