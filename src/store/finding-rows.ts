import { toPresent } from '../domain/estate/present.ts';
import type { Finding, HistoryEntry, RegistryRecord, Transition } from '../domain/record/finding.ts';
import type { Link, RegistryFinding, RegistryMark } from '../monitor/ports/ports.ts';
import { readJson, readOptionalText, readText, readWhole } from './columns.ts';
import { toEvidences, toEvidencesText, toEvidenceText } from './evidence-text.ts';
import { toChangeKey, toFindingKey, toHistoryKey, toLinkKey, toPartition, toRegistryKey } from './keys.ts';
import type { Row, StoredRow } from './table.ts';

/** What the rows of a registry have in common. */
function toOwner({ registryId, subscriptionId, resourceGroup, name }: RegistryRecord) {
  return {
    partitionKey: toPartition(subscriptionId),
    registryId,
    subscriptionId,
    resourceGroup,
    name,
  };
}

/** Row of a registry. */
export function toRegistryRow(registry: RegistryRecord): Row {
  return {
    ...toOwner(registry),
    rowKey: toRegistryKey(registry),
    location: registry.location,
    tenantId: registry.tenantId,
    sku: registry.sku,
    createdAt: registry.createdAt,
    state: registry.state,
    keyHolderId: registry.keyHolderId,
    keyUri: registry.keyUri,
    verdicts: JSON.stringify(registry.verdicts),
    evidence: toEvidencesText(registry.evidence),
    digest: registry.digest,
    assessedAt: registry.assessedAt,
    source: registry.source,
    revision: registry.revision,
  };
}

/** Reads a registry's row. */
export function fromRegistryRow(row: StoredRow): RegistryRecord {
  return toPresent({
    registryId: readText(row, 'registryId'),
    subscriptionId: readText(row, 'subscriptionId'),
    resourceGroup: readText(row, 'resourceGroup'),
    name: readText(row, 'name'),
    location: readText(row, 'location'),
    tenantId: readOptionalText(row, 'tenantId'),
    sku: readOptionalText(row, 'sku'),
    createdAt: readOptionalText(row, 'createdAt'),
    state: readText<RegistryRecord['state']>(row, 'state'),
    keyHolderId: readOptionalText(row, 'keyHolderId'),
    keyUri: readOptionalText(row, 'keyUri'),
    verdicts: readJson<RegistryRecord['verdicts']>(row, 'verdicts'),
    evidence: toEvidences(readJson(row, 'evidence')),
    digest: readText(row, 'digest'),
    assessedAt: readText(row, 'assessedAt'),
    source: readText<RegistryRecord['source']>(row, 'source'),
    revision: readWhole(row, 'revision'),
  });
}

/** Properties of a registry's row that a mark needs. */
export const markProperties = ['registryId', 'state', 'digest', 'createdAt', 'assessedAt'] as const;

/** Reads a registry's row in short. */
export function fromMarkRow(row: StoredRow): RegistryMark {
  return toPresent({
    registryId: readText(row, 'registryId'),
    etag: row.etag,
    state: readText<RegistryMark['state']>(row, 'state'),
    digest: readText(row, 'digest'),
    createdAt: readOptionalText(row, 'createdAt'),
    assessedAt: readText(row, 'assessedAt'),
  });
}

/** Row of a finding; `nameKey` is the registry's name in lower case, for filters. */
export function toFindingRow(registry: RegistryRecord, finding: Finding): Row {
  return {
    ...toOwner(registry),
    rowKey: toFindingKey(registry, finding.rule),
    nameKey: registry.name.toLowerCase(),
    ...finding,
    evidence: toEvidenceText(finding.evidence),
  };
}

/** Reads a finding's row. */
export function fromFindingRow(row: StoredRow): Finding {
  return toPresent({
    rule: readText(row, 'rule'),
    severity: readText<Finding['severity']>(row, 'severity'),
    status: readText<Finding['status']>(row, 'status'),
    reason: readText(row, 'reason'),
    firstSeen: readText(row, 'firstSeen'),
    since: readText(row, 'since'),
    unknownSince: readOptionalText(row, 'unknownSince'),
    evidence: readJson<Finding['evidence']>(row, 'evidence'),
  });
}

/** Reads a finding's row with the registry that it is of. */
export function fromRegistryFindingRow(row: StoredRow): RegistryFinding {
  return { ...fromFindingRow(row), registryId: readText(row, 'registryId') };
}

/** Row of a commit that changed a verdict. */
export function toHistoryRow(registry: RegistryRecord, entry: HistoryEntry): Row {
  const { verdicts, transitions, evidence, ...texts } = entry;
  return {
    ...toOwner(registry),
    rowKey: toHistoryKey(registry, entry.revision),
    ...texts,
    verdicts: JSON.stringify(verdicts),
    transitions: JSON.stringify(transitions),
    evidence: toEvidenceText(evidence),
  };
}

/** Reads a history row. */
export function fromHistoryRow(row: StoredRow): HistoryEntry {
  return {
    registryId: readText(row, 'registryId'),
    revision: readWhole(row, 'revision'),
    at: readText(row, 'at'),
    source: readText<HistoryEntry['source']>(row, 'source'),
    verdicts: readJson(row, 'verdicts'),
    transitions: readJson(row, 'transitions'),
    evidence: readJson(row, 'evidence'),
  };
}

/** One row a transition; a second one of the same rule has its own name in the key, as keys must not collide. */
export function toChangeRows(registry: RegistryRecord, entry: HistoryEntry): Row[] {
  const { at, source, revision } = entry;
  const seen = new Set<string>();
  return entry.transitions.map((transition) => ({
    ...toOwner(registry),
    rowKey: toFreeKey(toChangeKey(registry, at, transition.rule), transition, seen),
    ...transition,
    at,
    source,
    revision,
  }));
}

function toFreeKey(key: string, { transition }: Transition, seen: Set<string>): string {
  const free = seen.has(key) ? `${key}|${transition}` : key;
  seen.add(free);
  return free;
}

/** Row of a link. */
export function toLinkRow(registry: RegistryRecord, link: Omit<Link, 'registryId'>): Row {
  return {
    partitionKey: toPartition(registry.subscriptionId),
    rowKey: toLinkKey(link.holderHost, registry),
    ...link,
    holderKey: link.holderId?.toLowerCase(),
    registryId: registry.registryId,
  };
}

/** Reads a link's row. */
export function fromLinkRow(row: StoredRow): Link {
  return toPresent({
    holderHost: readText(row, 'holderHost'),
    holderId: readOptionalText(row, 'holderId'),
    holderLocation: readOptionalText(row, 'holderLocation'),
    searchedAt: readOptionalText(row, 'searchedAt'),
    registryId: readText(row, 'registryId'),
  });
}
