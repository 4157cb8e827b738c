import * as z from 'zod';
import type { Reading } from '../../domain/estate/reading.ts';
import { hasCustomerKey, type Registry, type UserAssignedIdentity } from '../../domain/estate/registry.ts';
import type { CompletedIdentities } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import { maxSubscriptions, toBatches } from './graph-batches.ts';
import type { AskGraph } from './graph-pages.ts';
import { toIdentitiesQuery, toPrincipalsQuery, toRegistriesWithQuery } from './graph-queries.ts';

const IdentityRow = z.object({ id: z.string(), clientId: z.string(), principalId: z.string() });

/** Identities that are asked for at once. */
const maxNames = 1_000;

/**
 * Builds what fills in the client ids and object ids of user-assigned identities from their own rows: whether a
 * registry's row carries them is not established.
 */
export function createIdentityCompletion(ask: AskGraph) {
  return async function completeIdentities(
    registries: readonly Registry[],
    subscriptionIds: readonly string[],
    run: Run,
  ): Promise<CompletedIdentities> {
    const asked = registries.flatMap(({ encryption, identity }) =>
      hasCustomerKey(encryption) === true ? (identity?.userAssigned ?? []) : [],
    );
    const known = new Map<string, z.output<typeof IdentityRow> & { reading: Reading }>();
    const names = [...new Set(asked.map(({ id }) => id.slice(id.lastIndexOf('/') + 1).toLowerCase()))];
    for (const batch of toBatches(subscriptionIds, maxSubscriptions)) {
      for (const chunk of toBatches(names, maxNames)) {
        for await (const { rows, reading } of ask(toIdentitiesQuery(chunk), batch, run)) {
          for (const row of rows) {
            const { data } = IdentityRow.safeParse(row);
            if (data) known.set(data.id.toLowerCase(), { ...data, reading });
          }
        }
      }
    }
    return { registries: registries.map((registry) => complete(registry, known)), shown: known };
  };
}

const UseRow = z.object({ id: z.string() });

/** Builds what lists the registries that have a user-assigned identity. */
export function createIdentityUse(ask: AskGraph) {
  return async function listRegistriesWith(identityId: string, run: Run): Promise<string[]> {
    const found: string[] = [];
    for await (const { rows } of ask(toRegistriesWithQuery(identityId), 'all', run)) {
      for (const row of rows) {
        const { data } = UseRow.safeParse(row);
        if (data) found.push(data.id);
      }
    }
    return found;
  };
}

const PrincipalRow = z.object({
  type: z.string(),
  systemId: z.unknown().optional(),
  userId: z.unknown().optional(),
});

/** Builds what tells which object ids are those of managed identities in sight. */
export function createIdentityList(ask: AskGraph) {
  return async function listIdentities(principalIds: readonly string[], run: Run): Promise<Set<string>> {
    const found = new Set<string>();
    for (const chunk of toBatches(principalIds, maxNames)) {
      for await (const { rows } of ask(toPrincipalsQuery(chunk), 'all', run)) {
        for (const row of rows) for (const id of toPrincipals(row)) found.add(id);
      }
    }
    const asked = new Set(principalIds.map((id) => id.toLowerCase()));
    return new Set([...found].filter((id) => asked.has(id)));
  };
}

/** Of a user-assigned identity its own object id; of any other resource that of its system-assigned one. */
function toPrincipals(row: unknown): string[] {
  const { data } = PrincipalRow.safeParse(row);
  const isIdentity = data?.type.toLowerCase() === 'microsoft.managedidentity/userassignedidentities';
  const id = isIdentity ? data?.userId : data?.systemId;
  return typeof id === 'string' ? [id.toLowerCase()] : [];
}

function isIncomplete({ clientId, principalId }: UserAssignedIdentity): boolean {
  return clientId === undefined || principalId === undefined;
}

function complete(registry: Registry, known: ReadonlyMap<string, Required<UserAssignedIdentity>>): Registry {
  const { identity } = registry;
  if (!identity?.userAssigned?.some(isIncomplete)) return registry;
  const userAssigned = identity.userAssigned.map((one) => {
    const own = isIncomplete(one) ? known.get(one.id.toLowerCase()) : undefined;
    return own ? { ...one, clientId: own.clientId, principalId: own.principalId } : one;
  });
  return { ...registry, identity: { ...identity, userAssigned } };
}
