import { parseKeyIdentifier } from '../../domain/estate/key-identifier.ts';
import { type Posture, toFooting, toKey, toReadings } from '../../domain/estate/posture.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import { isSameCreation, type Registry } from '../../domain/estate/registry.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { Route } from '../../domain/record/alert.ts';
import { toDigest } from '../../domain/record/digest.ts';
import type { Finding, RegistryRecord, Source } from '../../domain/record/finding.ts';
import { type Decision, decideClosing, decideTransitions } from '../../domain/record/transition.ts';
import {
  type Evidence,
  toSummaries,
  type Verdict,
  type VerdictSummaries,
} from '../../domain/record/verdict.ts';
import { raiseRegistryAlerts } from '../alerts/raise-alert.ts';
import type { Commit, Link, Versioned } from '../ports/ports.ts';

/** In which circumstances a commit is decided. */
export interface CommitContext {
  stored: Versioned<RegistryRecord> | undefined;
  findings: readonly Finding[];
  source: Source;
  /** Sweep that the assessment belongs to. */
  sweep?: string;
  /** Tenant of the registry's subscription, where it is known. */
  tenantId?: string;
  routes: readonly Route[];
  now: Date;
}

/** A posture, what the rules say of it, and which rules these were. */
export interface Judged {
  posture: Posture;
  verdicts: readonly Verdict[];
  /** Rules that say nothing, as a read that they rest on failed: what is stored of them stays. */
  heldBack: readonly string[];
  /** Name of the rule set. */
  ruleSet: string;
}

/** Whether a posture says what is stored already: then only the registry's own row is written, and nothing else needs to be read. */
export function isUnchanged(judged: Judged, stored: Versioned<RegistryRecord> | undefined): boolean {
  if (stored?.state !== 'present' || !isSameCreation(stored.createdAt, judged.posture.registry.createdAt))
    return false;
  return isSame(stored.verdicts, toAllSummaries(judged, stored));
}

/** What ended before this registry was created is of another one of the same id; what is open stays, whatever the clocks say. */
function isOfThis({ createdAt }: Registry, { status, firstSeen }: Finding): boolean {
  const hasEnded = status === 'closed' || status === 'resolved';
  return !hasEnded || !(Date.parse(firstSeen) < Date.parse(createdAt ?? ''));
}

/** What is said now, and what stays of the rules that say nothing, in the order of the rules' ids. */
function toAllSummaries({ verdicts, heldBack }: Judged, known: RegistryRecord | undefined): VerdictSummaries {
  const told = toSummaries(verdicts);
  if (heldBack.length === 0) return told;
  const kept = heldBack.flatMap((rule) => {
    const before = known?.verdicts[rule];
    return before ? [[rule, before] as const] : [];
  });
  const all = [...Object.entries(told), ...kept];
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Decides what one assessment writes; findings are needed only where something changed. */
export function decideCommit(judged: Judged, context: CommitContext): Commit {
  const { posture, verdicts, heldBack, ruleSet } = judged;
  const { stored, source } = context;
  const { registry } = posture;
  const tenantId = context.tenantId ?? stored?.tenantId;
  const isKnown = stored !== undefined && isSameCreation(stored.createdAt, registry.createdAt);
  const at = toNextTime(context.now, stored);
  const summaries = toAllSummaries(judged, isKnown ? stored : undefined);
  const isChanged = !isUnchanged(judged, stored);
  const findings = context.findings.filter(
    (finding) => !heldBack.includes(finding.rule) && isOfThis(registry, finding),
  );
  const previous = isKnown ? { verdicts: stored.verdicts, findings } : { verdicts: {}, findings: [] };
  const decision = isChanged ? decideTransitions(previous, verdicts, at) : { findings: [], transitions: [] };
  const keyUri = registry.encryption?.keyIdentifier;
  const keyHolderId = toHolderId(posture) ?? (stored?.keyUri === keyUri ? stored?.keyHolderId : undefined);
  const record: RegistryRecord = {
    registryId: registry.id.id,
    subscriptionId: registry.id.subscriptionId,
    resourceGroup: registry.id.resourceGroup,
    name: registry.id.name,
    location: registry.location,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(registry.sku === undefined ? {} : { sku: registry.sku }),
    ...(registry.createdAt === undefined ? {} : { createdAt: registry.createdAt }),
    state: 'present',
    ...(keyHolderId === undefined ? {} : { keyHolderId }),
    ...(keyUri === undefined ? {} : { keyUri }),
    verdicts: summaries,
    evidence: {
      ...(isKnown ? pick(stored.evidence, heldBack) : {}),
      ...Object.fromEntries(verdicts.map(({ rule, evidence }) => [rule, evidence])),
    },
    // Another one than that of any whole reading: the next sweep reads again.
    digest: toDigest(summaries, heldBack.length > 0 ? `${ruleSet}:held back` : ruleSet, toFooting(posture)),
    assessedAt: at,
    source,
    revision: (stored?.revision ?? 0) + 1,
  };
  const link = toLink(posture);
  const oldHost = toLinkedHost(stored);
  return {
    ...toCommit(record, decision, { ...context, isChanged, read: toReadings(posture) }),
    ...(link ? { link } : {}),
    ...(oldHost && oldHost !== link?.holderHost ? { unlinkHost: oldHost } : {}),
  };
}

/**
 * Decides what is written when a registry is gone, or is another one of the same id.
 */
export function decideClosingCommit(
  closing: {
    id: ResourceId;
    reason: 'registry_gone' | 'registry_recreated' | 'subscription_forgotten';
    /** The answer that says so, where Azure did. */
    reading?: Reading;
  },
  context: CommitContext,
): Commit {
  const { stored, source } = context;
  const at = toNextTime(context.now, stored);
  const read = closing.reading ? [closing.reading] : [];
  const evidence = { values: {}, read };
  const decision = decideClosing(context.findings, { reason: closing.reason, evidence, at });
  const oldHost = toLinkedHost(stored);
  const record: RegistryRecord = {
    ...toKnownFields(closing.id, stored),
    state: 'gone',
    verdicts: {},
    evidence: {},
    digest: toDigest({}, '', []),
    assessedAt: at,
    source,
    revision: (stored?.revision ?? 0) + 1,
  };
  const isChanged = stored?.state === 'present';
  return {
    ...toCommit(record, decision, { ...context, isChanged, read }),
    ...(oldHost ? { unlinkHost: oldHost } : {}),
  };
}

function toKnownFields(id: ResourceId, stored: Versioned<RegistryRecord> | undefined) {
  if (!stored) {
    const { subscriptionId, resourceGroup, name } = id;
    return { registryId: id.id, subscriptionId, resourceGroup, name, location: '' };
  }
  const { etag: _, ...known } = stored;
  return known;
}

function toCommit(
  registry: RegistryRecord,
  { findings, transitions }: Decision,
  context: CommitContext & { isChanged: boolean; read: Reading[] },
): Commit {
  const { revision, verdicts, source, assessedAt: at, registryId } = registry;
  const { routes, sweep, now } = context;
  const evidence: Evidence = { values: {}, read: context.read };
  return {
    ...(context.stored ? { etag: context.stored.etag } : {}),
    registry,
    findings,
    ...(context.isChanged
      ? { history: { registryId, revision, at, source, verdicts, transitions, evidence } }
      : {}),
    alerts: raiseRegistryAlerts(registry, transitions, { routes, sweep, now }),
  };
}

/** Times of a registry never run backwards, whatever the clocks of two instances say. */
function toNextTime(now: Date, stored: Pick<RegistryRecord, 'assessedAt'> | undefined): string {
  const last = stored ? Date.parse(stored.assessedAt) + 1 : 0;
  return new Date(Math.max(now.getTime(), last)).toISOString();
}

function toHolderId({ keyHolder }: Posture): string | undefined {
  return keyHolder && keyHolder.state !== 'absent' ? keyHolder.id : undefined;
}

function toLink(posture: Posture): Omit<Link, 'registryId'> | undefined {
  const { registry, keyHolder } = posture;
  const key = toKey(registry);
  if (typeof key === 'string') return undefined;
  const seen = keyHolder?.state === 'found' || keyHolder?.state === 'deleted' ? keyHolder : undefined;
  const holderId = toHolderId(posture);
  return {
    holderHost: key.host,
    ...(holderId ? { holderId } : {}),
    ...(seen?.location ? { holderLocation: seen.location } : {}),
    ...(keyHolder?.state === 'unreadable' && keyHolder.searchedAt
      ? { searchedAt: keyHolder.searchedAt }
      : {}),
  };
}

function toLinkedHost(stored: RegistryRecord | undefined): string | undefined {
  return stored?.keyUri ? parseKeyIdentifier(stored.keyUri)?.host : undefined;
}

function pick(evidence: RegistryRecord['evidence'], rules: readonly string[]): RegistryRecord['evidence'] {
  return Object.fromEntries(Object.entries(evidence).filter(([rule]) => rules.includes(rule)));
}

function isSame(a: VerdictSummaries, b: VerdictSummaries): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
