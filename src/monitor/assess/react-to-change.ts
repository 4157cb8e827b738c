import { type KeyIdentifier, parseKeyIdentifier } from '../../domain/estate/key-identifier.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import {
  type ChangedId,
  type IdentityId,
  parseRegistryId,
  type ResourceGroupId,
  type ResourceId,
  toResourceKey,
} from '../../domain/estate/resource-id.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { DueAssessment, Link, Run } from '../ports/ports.ts';
import { toReason } from '../ports/run.ts';
import type { CreateReader, PostureReader } from '../posture/read-posture.ts';
import type { AssessRegistry } from './assess-registry.ts';
import { toNextDue, toUnfinished, type WorkedOff, type WorkOff } from './work-off.ts';

/** What reacting to a change came to. */
export interface Reaction extends WorkedOff {
  /** Registries that the change concerns. */
  registries: number;
}

/**
 * Builds what reacts to a change of a resource: assesses the registry itself, or every registry that hangs on the key
 * holder. What can't be finished within the run's time is left as due assessments, so that the event can be acknowledged.
 */
export function createReactToChange(
  { store: { findings, due }, inventory, now }: Pick<Ports, 'store' | 'inventory' | 'now'>,
  {
    assessRegistry,
    workOff,
    createReader,
  }: { assessRegistry: AssessRegistry; workOff: WorkOff; createReader: CreateReader },
): (changed: ChangedId, run: Run) => Promise<Reaction> {
  return async (changed, run) => {
    switch (changed.kind) {
      case 'registry':
        return reactToRegistry(changed, run);
      case 'identity':
        return reactToIdentity(changed, run);
      case 'resourceGroup':
        return reactToResourceGroup(changed, run);
      case 'vault':
      case 'managedHsm':
        return reactToKeyHolder(changed, run);
    }
  };

  /** Who may use the keys of a resource group has changed: whatever hangs on its key holders is assessed. */
  async function reactToResourceGroup(group: ResourceGroupId, run: Run): Promise<Reaction> {
    const links = await findings.listLinksBelow(group.id);
    return assessLinked(links, { reason: 'access_changed', run, reader: createReader(run) });
  }

  /** Whose encryption identity it is, only Resource Graph knows; where that does not tell, the next sweep sees what has changed. */
  async function reactToIdentity({ id }: IdentityId, run: Run): Promise<Reaction> {
    const registryIds = (await inventory?.listRegistriesWith(id, run)) ?? [];
    return assessAll(registryIds, { reason: 'identity_changed', run, reader: createReader(run) });
  }

  async function reactToRegistry(id: ResourceId, run: Run): Promise<Reaction> {
    try {
      const result = await assessRegistry({ id, source: 'event', run });
      const reason = toUnfinished(result);
      if (reason === 'subscription_lost' && !(await findings.readRegistry(id))) return dropUnknown(reason);
      if (reason) return await leave(reason);
      const changed = 'transitions' in result && result.transitions.length > 0 ? 1 : 0;
      return { registries: 1, done: 1, changed, left: 0 };
    } catch (error) {
      const retryAfter = error instanceof ReadFailure ? error.retryAfter : undefined;
      return await leave(toReason(error), retryAfter);
    }

    /** Nobody ever confirmed that there is such a registry; should there be, the sweep that sees its subscription has it. */
    function dropUnknown(reason: string): Reaction {
      run.log.warn(`${id.id} is not known and out of sight: it is left to sweeps`);
      return { registries: 1, done: 0, changed: 0, dropped: 1, left: 0, reason };
    }

    async function leave(reason: string, retryAfter?: number): Promise<Reaction> {
      run.log.warn(`${id.id} is due again: ${reason}`);
      await due.put([{ registryId: id.id, reason, ...toNextDue(0, now(), retryAfter) }]);
      return { registries: 1, done: 0, changed: 0, left: 1, reason };
    }
  }

  async function reactToKeyHolder(holder: ResourceId, run: Run): Promise<Reaction> {
    // By name, and by id: a key holder may have a host of its own making.
    const [byName, byId] = await Promise.all([
      findings.listLinks(`${holder.name.toLowerCase()}.`),
      findings.listLinksTo(holder.id),
    ]);
    const links = [...byName.filter((link) => isOf(holder, link)), ...byId];
    const hosts = new Set(links.map(({ holderHost }) => holderHost));
    const isNamed = ({ host, holderKind }: KeyIdentifier) =>
      hosts.has(host) && (holderKind === holder.kind || holderKind === 'unknown');
    const reader = createReader(run, { lastSeen: (key) => (isNamed(key) ? holder : undefined) });
    const reason = `${holder.kind === 'vault' ? 'vault' : 'managed_hsm'}_changed`;
    return assessLinked(links, { reason, run, reader });
  }

  /** Assesses the registries that hang on something that has changed. */
  function assessLinked(links: readonly Link[], how: AssessHow): Promise<Reaction> {
    return assessAll(
      links.map(({ registryId }) => registryId),
      how,
    );
  }

  async function assessAll(
    registryIds: readonly string[],
    { reason, run, reader }: AssessHow,
  ): Promise<Reaction> {
    const at = now().toISOString();
    const registries = new Map(registryIds.map((registryId) => [toKeyOf(registryId), registryId]));
    const assessments = [...registries.values()].map(
      (registryId): DueAssessment => ({ registryId, reason, due: at, tries: 0 }),
    );
    // Written down first: should this process die half-way, nothing is lost.
    const stored = await due.put(assessments);
    const workedOff = await workOff(stored, { source: 'event', run, reader });
    return { registries: stored.length, ...workedOff };
  }
}

/** How registries are assessed that hang on something that has changed. */
interface AssessHow {
  reason: string;
  run: Run;
  reader: PostureReader;
}

function isOf(holder: ResourceId, { holderHost }: Link): boolean {
  const kind = parseKeyIdentifier(`https://${holderHost}/`)?.holderKind;
  return kind === 'unknown' || kind === holder.kind;
}

function toKeyOf(registryId: string): string {
  const id = parseRegistryId(registryId);
  return id ? toResourceKey(id) : registryId;
}
