import { parseRegistryId, type ResourceId, toResourceKey } from '../../src/domain/estate/resource-id.ts';
import type { Finding, HistoryEntry, RegistryRecord } from '../../src/domain/record/finding.ts';
import { hasOutcome } from '../../src/domain/record/verdict.ts';
import type {
  Commit,
  CommitResult,
  FindingFilter,
  FindingQueries,
  FindingStore,
  Link,
  RegistryFinding,
} from '../../src/monitor/ports/ports.ts';
import { invertRevision, toPartition } from '../../src/store/keys.ts';
import type { AlertRows } from './memory-alerts.ts';
import { cutPage } from './memory-page.ts';
import { createVersionedMap } from './versioned-map.ts';

type RegistryName = Pick<ResourceId, 'subscriptionId' | 'resourceGroup' | 'name'>;

/** Keeps registries, findings, history and links in memory, and answers questions about them. */
export function createMemoryFindings(alertRows: AlertRows): {
  findings: FindingStore;
  queries: FindingQueries;
} {
  const registries = createVersionedMap<RegistryRecord>();
  const findings = createVersionedMap<RegistryFinding>();
  const history = createVersionedMap<HistoryEntry>();
  const links = createVersionedMap<Link>();

  function commit(made: Commit): CommitResult {
    const key = toKey(made.registry);
    if (registries.get(key)?.etag !== made.etag) return { state: 'lostRace' };
    const etag = registries.put(key, toRecord(made.registry));
    for (const finding of made.findings) {
      findings.put(`${key}|${finding.rule}`, { ...finding, registryId: made.registry.registryId });
    }
    if (made.history) history.put(`${key}|${invertRevision(made.history.revision)}`, made.history);
    relink(made, key);
    const alerts = made.alerts.map((alert) => ({ ...alert, etag: alertRows.put(alert.id, alert) }));
    return { state: 'committed', etag, alerts, rows: countRows(made) };
  }

  function relink({ registry: { registryId }, link, unlinkHost }: Commit, key: string): void {
    if (unlinkHost) links.remove(`${unlinkHost.toLowerCase()}|${key}`);
    if (!link) return;
    const linkKey = `${link.holderHost.toLowerCase()}|${key}`;
    links.put(linkKey, { ...links.get(linkKey)?.value, ...link, registryId });
  }

  return {
    findings: {
      readRegistry: async (id) => {
        const found = registries.get(toKey(id));
        return found && { ...found.value, etag: found.etag };
      },
      readFindings: async (id) => findings.list(`${toKey(id)}|`).map(({ value }) => toFinding(value)),
      async *listMarks(only) {
        const keys = only && new Set(only.map(toKey));
        for (const { key, value, etag } of registries.list()) {
          const { registryId, state, digest, createdAt, assessedAt } = value;
          const mark = { registryId, etag, state, digest, assessedAt };
          if (!keys || keys.has(key)) yield { ...mark, ...(createdAt ? { createdAt } : {}) };
        }
      },
      commit: async (made) => commit(made),
      listLinksTo: async (holderId) =>
        links
          .list()
          .map(({ value }) => value)
          .filter((link) => link.holderId?.toLowerCase() === holderId.toLowerCase()),
      listLinksBelow: async (scope) =>
        links
          .list()
          .map(({ value }) => value)
          .filter((link) => link.holderId?.toLowerCase().startsWith(`${scope.toLowerCase()}/`)),
      listLinks: async (hostPrefix) => links.list(hostPrefix.toLowerCase()).map(({ value }) => value),
    },
    queries: {
      findings: async (filter, page) => {
        const wanted = findings.list().filter(({ value }) => isWanted(value, filter));
        return cutPage('findings', wanted.map(toItem), page);
      },
      registries: async ({ subscription, outcome }, page) => {
        const wanted = registries
          .list()
          .filter(({ value }) => isIn(subscription, value.subscriptionId))
          .filter(({ value }) => !outcome || hasOutcome(value.verdicts, outcome));
        return cutPage('registries', wanted.map(toItem), page);
      },
      history: async (id, page) =>
        cutPage(`history ${toKey(id)}`, history.list(`${toKey(id)}|`).map(toItem), page),
    },
  };
}

function toKey(id: RegistryName): string {
  return `${toPartition(id.subscriptionId)}|${toResourceKey(id)}`;
}

/** An old link counts although it may not have been there. */
function countRows({ findings, history, link, unlinkHost, alerts }: Commit): number {
  const told = history ? 1 + history.transitions.length : 0;
  return 1 + findings.length + told + Number(Boolean(link)) + Number(Boolean(unlinkHost)) + alerts.length;
}

function toItem<T>({ key, value }: { key: string; value: T }): { key: string; item: T } {
  return { key, item: value };
}

function toRecord(registry: RegistryRecord & { etag?: unknown }): RegistryRecord {
  const { etag: _, ...record } = registry;
  return record;
}

function toFinding({ registryId: _, ...finding }: RegistryFinding): Finding {
  return finding;
}

function isWanted(finding: RegistryFinding, filter: FindingFilter): boolean {
  const id = parseRegistryId(finding.registryId);
  return (
    isIn(filter.status, finding.status) &&
    isIn(filter.severity, finding.severity) &&
    isIn(filter.rule, finding.rule) &&
    isIn(filter.subscription, id?.subscriptionId) &&
    (isIn(filter.registry, id?.id) || isIn(filter.registry, id?.name))
  );
}

function isIn(values: readonly string[] | undefined, value: string | undefined): boolean {
  if (!values || values.length === 0) return true;
  return values.some((each) => each.toLowerCase() === value?.toLowerCase());
}
