import { parseResourceId, toResourceKey } from '../../src/domain/estate/resource-id.ts';
import type { Alert } from '../../src/domain/record/alert.ts';
import type {
  DueAssessment,
  DueStore,
  Store,
  SubscriptionRecord,
  SweepException,
  SweepRecord,
  SweepStore,
  Versioned,
} from '../../src/monitor/ports/ports.ts';
import { invertTime } from '../../src/store/keys.ts';
import { createMemoryAlerts } from './memory-alerts.ts';
import { createMemoryFindings } from './memory-findings.ts';
import { cutPage } from './memory-page.ts';
import { createVersionedMap } from './versioned-map.ts';

/** A store in memory, and what no port reads back. */
export interface MemoryStore extends Store {
  /** What sweeps could not confirm, in the order it was noted. */
  exceptions: readonly SweepException[];
}

/** Creates an empty store that behaves as the one on Table Storage does. */
export function createMemoryStore(): MemoryStore {
  const alertRows = createVersionedMap<Alert>();
  const exceptions: SweepException[] = [];
  return {
    ...createMemoryFindings(alertRows),
    due: createMemoryDue(),
    alerts: createMemoryAlerts(alertRows),
    sweeps: createMemorySweeps(exceptions),
    exceptions,
  };
}

function createMemoryDue(): DueStore {
  const rows = createVersionedMap<DueAssessment>();
  return {
    put: async (assessments) => {
      const latest = new Map(assessments.map((each) => [toDueKey(each), toDue(each)]));
      return [...latest].map(([key, due]) => ({ ...due, etag: rows.put(key, due) }));
    },
    listDue: async (now, limit) =>
      rows
        .list()
        .filter(({ value }) => value.due <= now)
        .map(({ value, etag }) => ({ ...value, etag }))
        .sort((a, b) => a.due.localeCompare(b.due))
        .slice(0, limit),
    settle: async (worked, next) => {
      if (next === 'done') rows.remove(toDueKey(worked), worked.etag);
      else rows.replace(toDueKey(next), toDue(next), worked.etag);
    },
    count: async () => rows.list().length,
    countStuck: async ({ dueBefore, tries }) =>
      rows.list().filter(({ value }) => value.due < dueBefore || value.tries >= tries).length,
  };
}

function toDueKey({ registryId }: DueAssessment): string {
  const id = parseResourceId(registryId);
  if (!id) throw new Error(`Not the id of a registry: ${registryId}`);
  return toResourceKey(id);
}

function toDue({ registryId, reason, due, tries }: DueAssessment | Versioned<DueAssessment>): DueAssessment {
  return { registryId, reason, due, tries };
}

function createMemorySweeps(exceptions: SweepException[]): SweepStore {
  const sweeps = createVersionedMap<SweepRecord>();
  const subscriptions = createVersionedMap<SubscriptionRecord>();
  let followedUpAt: string | undefined;
  return {
    noteFollowUp: async (at) => {
      followedUpAt = at;
    },
    readFollowedUp: async () => followedUpAt,
    put: async (record) => {
      sweeps.put(`${invertTime(record.startedAt)}|${record.sweep}`, record);
    },
    listExceptions: async ({ sweep }, page) => {
      const rows = exceptions
        .filter((each) => each.sweep === sweep)
        .map((item, index) => ({ key: String(index).padStart(9, '0'), item }));
      return cutPage('exceptions', rows, page);
    },
    listCoverage: async (states, page) => {
      const rows = subscriptions
        .list()
        .filter(({ value }) => states.length === 0 || states.includes(value.state))
        .map(({ key, value }) => ({ key, item: value }));
      return cutPage('coverage', rows, page);
    },
    addExceptions: async (_, added) => {
      exceptions.push(...structuredClone(added));
    },
    listSubscriptions: async () => subscriptions.list().map(({ value }) => value),
    putSubscription: async (record) => {
      subscriptions.put(record.subscriptionId.toLowerCase(), record);
    },
    listSweeps: async (page) => {
      const rows = sweeps.list().map(({ key, value }) => ({ key, item: value }));
      return cutPage('sweeps', rows, page);
    },
  };
}
