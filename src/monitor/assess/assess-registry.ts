import { isSameCreation, type Registry } from '../../domain/estate/registry.ts';
import { type ResourceId, toResourceKey } from '../../domain/estate/resource-id.ts';
import type { Finding, RegistryRecord, Source, Transition } from '../../domain/record/finding.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { AlertDelivery } from '../alerts/deliver-alerts.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Commit, Run, Versioned } from '../ports/ports.ts';
import { toJudgeable, type Unfound } from '../posture/read-live.ts';
import type { CreateReader, PostureReader } from '../posture/read-posture.ts';
import type { StrongReads } from '../posture/strong-reads.ts';
import { type CommitContext, decideClosingCommit, decideCommit, isUnchanged } from './decide-commit.ts';
import { winRace } from './win-race.ts';

/** What an assessment came to. */
export type AssessmentResult =
  | { state: 'assessed'; transitions: Transition[] }
  /** ARM says that it does not exist; what was open on it is closed. */
  | { state: 'gone'; transitions: Transition[] }
  | Exclude<Unfound, { state: 'gone' }>;

/** One registry to assess, and why. */
interface AssessmentRequest {
  id: ResourceId;
  source: Source;
  run: Run;
  sweep?: string;
  /** Tenant of the registry's subscription, where it is known. */
  tenantId?: string;
  /** What is read for several registries together, and the versions that their rows had before the first of these reads. */
  shared?: SharedReads;
}

/** Reads that several assessments share. */
export interface SharedReads {
  reader: PostureReader;
  strong: Pick<StrongReads, 'readRegistry'>;
  /** ETags by resource key; a registry that is not in here had no row. */
  etags: { get(key: string): string | undefined };
}

/** Reads a registry and what its key hangs on, runs the rules, decides the transitions and commits them. */
export type AssessRegistry = (request: AssessmentRequest) => Promise<AssessmentResult>;

/** Builds the one evaluator that sweep, event and due assessment end in. */
export function createAssessRegistry(
  { azure, store: { findings: store }, sinks, now }: Pick<Ports, 'azure' | 'store' | 'sinks' | 'now'>,
  { rules, createReader, delivery }: { rules: RuleSet; createReader: CreateReader; delivery: AlertDelivery },
): AssessRegistry {
  return (request) => winRace(request.id, (races) => tryOnce(request, races === 0));

  /** One reading, one decision, one commit; undefined when it has to start again. */
  async function tryOnce(
    request: AssessmentRequest,
    isFirst: boolean,
  ): Promise<AssessmentResult | undefined> {
    const { id, run, shared } = request;
    // The row's version has to be known before the first reading of Azure: it is what keeps an older reading from winning.
    // Where shared reads know that there was no row, a commit that creates it loses to whoever has done so since.
    const isNew = isFirst && shared && shared.etags.get(toResourceKey(id)) === undefined;
    const stored = isNew ? undefined : await store.readRegistry(id);
    const { readRegistry } = toShared(request, stored)?.strong ?? azure;
    const answer = await readRegistry(id, run);
    const judgeable = toJudgeable(answer);
    if (judgeable.state === 'gone') {
      // Anybody can name what never was: no row is kept of it. Should it have been on its way in, the next sweep closes it.
      if (!stored) return { state: 'gone', transitions: [] };
      const closing = { id, reason: 'registry_gone', reading: answer.reading } as const;
      const closed = await write(request, decideClosingCommit(closing, await toContext(request, stored)));
      return closed && { state: 'gone', transitions: closed.transitions };
    }
    if (judgeable.state !== 'found') return judgeable;
    const { registry } = judgeable;
    if (stored?.state !== 'present' || isSameCreation(stored.createdAt, registry.createdAt)) {
      return judge(request, stored, registry);
    }
    const closing = { id, reason: 'registry_recreated', reading: answer.reading } as const;
    const commit = decideClosingCommit(closing, await toContext(request, stored));
    const closed = await write(request, commit);
    return closed && judge(request, { ...commit.registry, etag: closed.etag }, registry);
  }

  async function judge(
    request: AssessmentRequest,
    stored: Versioned<RegistryRecord> | undefined,
    registry: Registry,
  ): Promise<AssessmentResult | undefined> {
    const reader = toShared(request, stored)?.reader ?? createReader(request.run);
    const posture = await reader.complete(registry, request.tenantId ?? stored?.tenantId);
    const [failure] = posture.failures?.values() ?? [];
    const heldBack = rules.listHeldBack(posture);
    const judged = { posture, verdicts: rules.evaluate(posture, now()), heldBack, ruleSet: rules.name };
    const isSame = isUnchanged(judged, stored);
    if (failure && isSame) throw failure;
    const { tenantId } = posture;
    const known = tenantId ? { ...request, tenantId } : request;
    const context = await toContext(known, isSame ? undefined : stored);
    const written = await write(request, decideCommit(judged, { ...context, stored }));
    // What could be judged is kept; the rest is as unfinished as if nothing had been.
    if (failure && written) throw failure;
    return written && { state: 'assessed', transitions: written.transitions };
  }

  /** Shared reads may be older than the row: then another assessment came in between, and this one reads for itself. */
  function toShared(
    { id, shared }: AssessmentRequest,
    stored: Versioned<RegistryRecord> | undefined,
  ): SharedReads | undefined {
    return shared?.etags.get(toResourceKey(id)) === stored?.etag ? shared : undefined;
  }

  async function toContext(
    { id, source, sweep, tenantId }: AssessmentRequest,
    stored: Versioned<RegistryRecord> | undefined,
  ): Promise<CommitContext> {
    const findings: Finding[] = stored ? await store.readFindings(id) : [];
    return {
      stored,
      findings,
      source,
      ...(sweep ? { sweep } : {}),
      ...(tenantId ? { tenantId } : {}),
      routes: sinks,
      now: now(),
    };
  }

  async function write(
    { run, sweep }: AssessmentRequest,
    commit: Commit,
  ): Promise<{ transitions: Transition[]; etag: string } | undefined> {
    const result = await store.commit(commit);
    if (result.state === 'lostRace') return undefined;
    run.rowsWritten += result.rows;
    if (!sweep) delivery.sendAtOnce(result.alerts, run);
    return { transitions: commit.history?.transitions ?? [], etag: result.etag };
  }
}
