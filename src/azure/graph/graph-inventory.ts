import * as z from 'zod';
import { toKeyHolder } from '../../bodies/key-holder.ts';
import { toRegistry } from '../../bodies/registry.ts';
import type { CloudName } from '../../domain/estate/cloud.ts';
import type { DeletedKeyHolder, FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import { type KeyIdentifier, toHolderHost, toHost } from '../../domain/estate/key-identifier.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import { parseResourceId } from '../../domain/estate/resource-id.ts';
import { GraphUnavailable, type Inventory, type NominatedRegistry } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import { maxSubscriptions, toBatches } from './graph-batches.ts';
import { createIdentityCompletion, createIdentityList, createIdentityUse } from './graph-identities.ts';
import type { AskGraph } from './graph-pages.ts';
import {
  registriesQuery,
  subscriptionsQuery,
  toKeyHolderAtQuery,
  toKeyHoldersQuery,
} from './graph-queries.ts';
import { createRoleAssignmentReader } from './graph-roles.ts';

/** Key holders that are asked for at once. */
const maxNames = 1_000;

const holderKinds = ['vault', 'managedHsm'] as const;

const RegistryRow = z.looseObject({ id: z.string() });
const HolderRow = z.looseObject({ id: z.string(), location: z.unknown().optional() });
const SubscriptionRow = z.object({ subscriptionId: z.string() });

/** Reads whole tenants from Resource Graph: rows that nominate, never rows that decide. */
export function createGraphInventory(ask: AskGraph, cloud: CloudName): Inventory {
  const completeIdentities = createIdentityCompletion(ask);
  const listIdentities = createIdentityList(ask);
  const listRegistriesWith = createIdentityUse(ask);
  const readRoleAssignments = createRoleAssignmentReader(ask);
  return {
    listRegistries,
    readKeyHolders,
    listReadableSubscriptions,
    findKeyHolder: (key, run) => hint(() => findKeyHolder(key, run)),
    completeIdentities: async (registries, subscriptionIds, run) =>
      (await hint(() => completeIdentities(registries, subscriptionIds, run))) ?? {
        registries: [...registries],
        shown: new Map(),
      },
    listRegistriesWith: (identityId, run) => hint(() => listRegistriesWith(identityId, run)),
    listIdentities: (principalIds, run) => hint(() => listIdentities(principalIds, run)),
    readRoleAssignments: (subscriptionIds, options, run) =>
      hint(
        () => readRoleAssignments(subscriptionIds, options, run),
        (reason) => run.log.warn(`${reason}: role assignments are read key by key instead`),
      ),
  };

  async function* listRegistries(
    subscriptionIds: readonly string[],
    run: Run,
  ): AsyncGenerator<NominatedRegistry[]> {
    for (const batch of toBatches(subscriptionIds, maxSubscriptions)) {
      for await (const { rows, reading } of ask(registriesQuery, batch, run)) {
        yield rows.map((row) => toNominated(row, reading));
      }
    }
  }

  async function readKeyHolders(
    keys: readonly KeyIdentifier[],
    subscriptionIds: readonly string[],
    run: Run,
  ): Promise<Map<string, FoundKeyHolder | DeletedKeyHolder>> {
    const found = new Map<string, FoundKeyHolder | DeletedKeyHolder>();
    for (const kind of holderKinds) {
      const ofKind = keys.filter(({ holderKind }) => holderKind === kind);
      let missing = new Map(ofKind.map(({ host, holderName = '' }) => [host, holderName]));
      for (const batch of toBatches(subscriptionIds, maxSubscriptions)) {
        for (const names of toBatches([...new Set(missing.values())], maxNames)) {
          for await (const { rows, reading } of ask(toKeyHoldersQuery(kind, names), batch, run)) {
            for (const [host, holder] of toHolders(rows, reading)) found.set(host, holder);
          }
        }
        missing = new Map([...missing].filter(([host]) => !found.has(host)));
        if (missing.size === 0) break;
      }
    }
    return found;
  }

  async function findKeyHolder({ host, holderName, holderKind }: KeyIdentifier, run: Run) {
    for (const kind of holderKind === 'unknown' ? holderKinds : [holderKind]) {
      const query = holderName ? toKeyHoldersQuery(kind, [holderName]) : toKeyHolderAtQuery(kind, host);
      for await (const { rows, reading } of ask(query, 'all', run)) {
        const found = toHolders(rows, reading).find(([shown]) => shown === host);
        if (found) return found[1];
      }
    }
    return undefined;
  }

  function toHolders(rows: readonly unknown[], reading: Reading) {
    const holders = rows.flatMap((row) => toHolder(row, reading));
    if (holders.length > 0 && holders.every(({ uri }) => uri === undefined)) {
      throw new GraphUnavailable(`Resource Graph leaves out the properties of all key holders`);
    }
    return holders.map(({ id, uri, holder }) => {
      const kind = id.kind === 'vault' ? 'vault' : 'managedHsm';
      return [toHost(uri) ?? toHolderHost(kind, id.name, cloud), holder] as const;
    });
  }

  async function listReadableSubscriptions(
    subscriptionIds: readonly string[],
    run: Run,
  ): Promise<Set<string>> {
    const readable = new Set<string>();
    for (const batch of toBatches(subscriptionIds, maxSubscriptions)) {
      for await (const { rows } of ask(subscriptionsQuery, batch, run)) {
        for (const row of rows) {
          const parsed = SubscriptionRow.safeParse(row);
          if (parsed.success) readable.add(parsed.data.subscriptionId.toLowerCase());
        }
      }
    }
    return readable;
  }
}

/** What ARM tells as well, with more calls, is left out where the graph fails at it. */
async function hint<T>(ask: () => Promise<T>, tell?: (reason: string) => void): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof GraphUnavailable || error instanceof ReadFailure)) throw error;
    tell?.(error.message);
    return undefined;
  }
}

/** A row in the shape of ARM's body, so that one reader serves both. */
function toNominated(row: unknown, reading: Reading): NominatedRegistry {
  const parsed = RegistryRow.safeParse(row);
  if (!parsed.success) return { oddItem: 'a row without id', reason: `${reading.from}: a row without id` };
  const { id, location, sku, identity, tenantId, ...properties } = parsed.data;
  try {
    const registry = toRegistry({ id, location, sku, identity, properties }, reading);
    const isWhole = registry.encryption !== undefined && registry.encryption.status !== undefined;
    return { item: registry, isWhole, ...(typeof tenantId === 'string' ? { tenantId } : {}) };
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    return { oddItem: id, reason: error.message };
  }
}

function toHolder(row: unknown, reading: Reading) {
  const parsed = HolderRow.safeParse(row);
  const id = parsed.success ? parseResourceId(parsed.data.id) : undefined;
  if (!parsed.success || !id || id.kind === 'registry') return [];
  const { location, ...properties } = parsed.data;
  const holder = toKeyHolder({ id: id.id, location, properties }, reading, id);
  const uri = id.kind === 'vault' ? properties.vaultUri : properties.hsmUri;
  return [{ id, uri: typeof uri === 'string' ? uri : undefined, holder }];
}
