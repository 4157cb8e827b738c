import type { KeyHolder } from '../../domain/estate/key-holder.ts';
import type { KeyIdentifier } from '../../domain/estate/key-identifier.ts';
import { type Posture, type PosturePart, toKey } from '../../domain/estate/posture.ts';
import { toPresent } from '../../domain/estate/present.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import { parseResourceId } from '../../domain/estate/resource-id.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import type { CreateKeyHolderFinder, FinderOptions, KeyHolderFinder } from './find-key-holder.ts';
import { createMemoReads, type MemoReads } from './memo-reads.ts';
import { readIdentity } from './read-identity.ts';
import { readKey } from './read-key.ts';
import { readAccess, readAllRoles, toKeyScope } from './read-roles.ts';

/** Reads what the rules need beside the registry itself; it belongs to one run and reads each thing once. */
export interface PostureReader {
  /** `tenantId` is that of the registry's subscription, where it is known. */
  complete(registry: Registry, tenantId?: string): Promise<Posture>;
}

/** How a reader reads. */
interface ReaderOptions extends FinderOptions {
  /** Key holders that are known without a read. */
  alreadyRead?(key: KeyIdentifier): KeyHolder | undefined;
  /** Reads that are shared with other readers. */
  reads?: MemoReads;
}

/** Builds a reader for one run. */
export type CreateReader = (run: Run, options?: ReaderOptions) => PostureReader;

/** Builds what builds readers of postures by a set of rules: key holder, key, access, and what else these look at. */
export function createPostureReaders(
  ports: Pick<Ports, 'azure' | 'inventory'>,
  { rules, createFinder }: { rules: RuleSet; createFinder: CreateKeyHolderFinder },
): CreateReader {
  return (run, { alreadyRead, reads = createMemoReads(ports, run), ...options } = {}) =>
    createReader({ finder: createFinder(run, options), reads, rules, alreadyRead, signal: run.signal });
}

function createReader({
  finder,
  reads,
  rules,
  alreadyRead,
  signal,
}: {
  finder: KeyHolderFinder;
  reads: MemoReads;
  rules: RuleSet;
  alreadyRead: ReaderOptions['alreadyRead'];
  /** Ends the run: what fails then is no fault of Azure. */
  signal: AbortSignal;
}): PostureReader {
  return { complete };

  async function complete(registry: Registry, tenantId?: string): Promise<Posture> {
    const failures: Failures = new Map();
    const identity = rules.needs('identity')
      ? await attempt(failures, 'identity', () => readIdentity(reads, registry))
      : undefined;
    const posture = { registry, ...toPresent({ identity, tenantId }) };
    const named = toKey(registry);
    const whole = typeof named === 'string' ? posture : await readOn(posture, named, failures);
    return failures.size > 0 ? { ...whole, failures } : whole;
  }

  /** Asked for only where access hangs on it and nothing else tells it. */
  async function findTenant(
    { registry, tenantId }: Pick<Posture, 'registry' | 'tenantId'>,
    keyHolder: KeyHolder,
  ): Promise<string | undefined> {
    const isTold = tenantId !== undefined || registry.identity?.tenantId !== undefined;
    const isNeeded = rules.needs('keyRoles') && keyHolder.state === 'found' && keyHolder.kind === 'vault';
    return isTold || !isNeeded ? tenantId : reads.readTenant(registry.id.subscriptionId);
  }

  async function readOn(posture: Posture, named: KeyIdentifier, failures: Failures): Promise<Posture> {
    const { registry } = posture;
    const keyHolder =
      alreadyRead?.(named) ??
      (await attempt(failures, 'keyHolder', () => finder.find(named, registry.id.subscriptionId)));
    if (!keyHolder) return posture;
    const holder = keyHolder.state === 'found' ? parseResourceId(keyHolder.id) : undefined;
    if (!holder) return { ...posture, keyHolder };
    const { encryption } = registry;
    const key = rules.needs('key')
      ? await attempt(failures, 'key', () => readKey(reads, { holder, key: named, encryption }))
      : undefined;
    const tenantId = await findTenant(posture, keyHolder);
    return readAround({ ...posture, keyHolder, ...toPresent({ key, tenantId }) }, holder.id, failures);
  }

  async function readAround(posture: Posture, holderId: string, failures: Failures): Promise<Posture> {
    const { registry } = posture;
    const isCustodyAsked = rules.needs('registryRoles');
    const scope = toKeyScope(holderId, registry.encryption?.keyIdentifier);
    const [access, keyRoles, registryRoles, diagnosticSettings] = await Promise.all([
      rules.needs('keyRoles')
        ? attempt(failures, 'keyRoles', () =>
            readAccess(reads, { ...posture, failures }, isCustodyAsked ? 'all' : 'reachingKeys'),
          )
        : {},
      isCustodyAsked ? attempt(failures, 'keyRoles', () => readAllRoles(reads, scope)) : undefined,
      isCustodyAsked
        ? attempt(failures, 'registryRoles', () => readAllRoles(reads, registry.id.id))
        : undefined,
      rules.needs('diagnosticSettings')
        ? attempt(failures, 'diagnosticSettings', () => reads.readDiagnosticSettings(holderId))
        : undefined,
    ]);
    return { ...posture, ...access, ...toPresent({ keyRoles, registryRoles, diagnosticSettings }) };
  }

  /** A read that fails holds back the rules that look at its part, and no others. */
  async function attempt<T>(
    failures: Failures,
    part: PosturePart,
    read: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ReadFailure) || signal.aborted) throw error;
      failures.set(part, error);
      return undefined;
    }
  }
}

type Failures = Map<PosturePart, ReadFailure>;
