import { parseRegistryId, type ResourceId } from '../../src/domain/estate/resource-id.ts';
import type { Alert } from '../../src/domain/record/alert.ts';
import type { Finding, HistoryEntry, RegistryRecord } from '../../src/domain/record/finding.ts';
import type { Evidence } from '../../src/domain/record/verdict.ts';
import type { Commit, SweepRecord } from '../../src/monitor/ports/ports.ts';

export const now = '2026-08-01T10:00:00.000Z';
export const later = '2026-08-01T10:01:00.000Z';
export const muchLater = '2026-08-01T12:00:00.000Z';

/** A subscription's id that starts with a digit, from 0 to 15. */
export function subscriptionAt(digit: number): string {
  return `${digit.toString(16)}0000000-0000-4000-8000-000000000000`;
}

export function registryAt(digit: number, name = 'acrone', resourceGroup = 'rg-one'): ResourceId {
  return toId(
    `/subscriptions/${subscriptionAt(digit)}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`,
  );
}

export function toId(id: string): ResourceId {
  const parsed = parseRegistryId(id);
  if (!parsed) throw new Error(`No registry's id: ${id}`);
  return parsed;
}

export function toEvidence(values: Record<string, unknown> = { status: 'disabled' }): Evidence {
  return {
    values,
    read: [{ what: 'registry', id: '/subscriptions/x', at: now, from: 'GET arm', status: 200 }],
  };
}

export function toRecord(id: ResourceId, changes: Partial<RegistryRecord> = {}): RegistryRecord {
  return {
    registryId: id.id,
    subscriptionId: id.subscriptionId,
    resourceGroup: id.resourceGroup,
    name: id.name,
    location: 'westeurope',
    state: 'present',
    verdicts: { acr_nocmk: { outcome: 'fail', reason: 'encryption_disabled' } },
    evidence: { acr_nocmk: toEvidence() },
    digest: 'digest-1',
    assessedAt: now,
    source: 'event',
    revision: 1,
    ...changes,
  };
}

export function toFinding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: 'acr_nocmk',
    severity: 'high',
    status: 'open',
    reason: 'encryption_disabled',
    firstSeen: now,
    since: now,
    evidence: toEvidence(),
    ...changes,
  };
}

export function toHistory(id: ResourceId, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    registryId: id.id,
    revision: 1,
    at: now,
    source: 'event',
    verdicts: { acr_nocmk: { outcome: 'fail', reason: 'encryption_disabled' } },
    transitions: [
      { rule: 'acr_nocmk', severity: 'high', transition: 'opened', reason: 'encryption_disabled' },
    ],
    evidence: toEvidence(),
    ...changes,
  };
}

export function toAlert(id: ResourceId, changes: Partial<Alert> = {}): Alert {
  return {
    id: 'msg_1',
    status: 'pending',
    sink: 'inbox',
    subscriptionId: id.subscriptionId,
    registryId: id.id,
    revision: 1,
    attempts: 0,
    due: now,
    payload: {
      type: 'registry.findings.changed',
      id: 'msg_1',
      time: now,
      source: 'event',
      registry: {
        id: id.id,
        name: id.name,
        subscriptionId: id.subscriptionId,
        resourceGroup: id.resourceGroup,
        location: 'westeurope',
      },
      transitions: [],
    },
    ...changes,
  };
}

export function toCommit(id: ResourceId, changes: Partial<Commit> = {}): Commit {
  return { registry: toRecord(id), findings: [], alerts: [], ...changes };
}

export function toSweep(startedAt: string, changes: Partial<SweepRecord> = {}): SweepRecord {
  const counts = { subscriptions: 3, registries: 40, assessed: 4, changed: 1, unconfirmed: 0 };
  return { sweep: `s-${startedAt}`, startedAt, ...counts, calls: 12, rowsWritten: 7, ...changes };
}
