import type { DiagnosticSetting } from '../../domain/estate/diagnostic-settings.ts';
import type { AlwaysReady, EventSubscription } from '../../domain/estate/event-subscription.ts';
import type { FoundKeyVersion } from '../../domain/estate/key.ts';
import type { DeletedKeyHolder, FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import type { HolderKind, KeyIdentifier } from '../../domain/estate/key-identifier.ts';
import type { Lock } from '../../domain/estate/lock.ts';
import type {
  DeletedHolderLocation,
  HolderLocation,
  Listed,
  Subscription,
} from '../../domain/estate/places.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { Role, RoleAssignment, RolePermission } from '../../domain/estate/role.ts';
import type { Run } from './ports.ts';

/** What ARM answered when it answered in the right words; a failed call throws {@link ReadFailure} instead. */
export type ArmAnswer<T> =
  | { state: 'found'; value: T; reading: Reading }
  /** ResourceNotFound or ResourceGroupNotFound: it does not exist. */
  | { state: 'gone'; reading: Reading }
  /** 403: we are not allowed to read it. */
  | { state: 'forbidden'; reading: Reading }
  /** SubscriptionNotFound: we can't see its subscription any more. */
  | { state: 'subscriptionLost'; reading: Reading };

/** Resource Graph can't be used: it is not allowed, or leaves out what the rules need. */
export class GraphUnavailable extends Error {
  override readonly name = 'GraphUnavailable';
}

/** A registry as an inventory shows it: perhaps late, and perhaps without all that the rules need. */
export type NominatedRegistry =
  | { item: Registry; isWhole: boolean; tenantId?: string }
  | { oddItem: string; reason: string };

/**
 * Reads whole tenants in few calls: what it shows nominates, it does not decide. Its lists throw {@link GraphUnavailable}
 * or {@link ReadFailure}; what only hints at where something is, or who, is undefined where it can't be had.
 */
export interface Inventory {
  /** Registries of the given subscriptions, page by page. */
  listRegistries(subscriptionIds: readonly string[], run: Run): AsyncIterable<NominatedRegistry[]>;
  /** Key holders of keys by host, searched in the given subscriptions in this order; those not shown are left out. */
  readKeyHolders(
    keys: readonly KeyIdentifier[],
    subscriptionIds: readonly string[],
    run: Run,
  ): Promise<Map<string, FoundKeyHolder | DeletedKeyHolder>>;
  /** The key holder of a key, wherever in sight it is; undefined where it is not shown. */
  findKeyHolder(key: KeyIdentifier, run: Run): Promise<FoundKeyHolder | DeletedKeyHolder | undefined>;
  /** Fills in what a registry's row does not tell of its user-assigned identities, where their own rows can be had and do. */
  completeIdentities(
    registries: readonly Registry[],
    subscriptionIds: readonly string[],
    run: Run,
  ): Promise<CompletedIdentities>;
  /** Ids of the registries that have a user-assigned identity, gone or not; undefined where that can't be had. */
  listRegistriesWith(identityId: string, run: Run): Promise<string[] | undefined>;
  /** Which of the given object ids are those of managed identities in sight, in lower case. */
  listIdentities(principalIds: readonly string[], run: Run): Promise<Set<string> | undefined>;
  /** Role assignments in, below and above the given subscriptions, found by scope. */
  readRoleAssignments(
    subscriptionIds: readonly string[],
    options: { which: WhichRoles },
    run: Run,
  ): Promise<RoleAssignmentIndex | undefined>;
  /** Which of the given subscriptions can be read, ids in lower case. */
  listReadableSubscriptions(subscriptionIds: readonly string[], run: Run): Promise<Set<string>>;
}

/** Registries with what the rows of their identities tell. */
export interface CompletedIdentities {
  registries: Registry[];
  /** Identities of registries with a customer-managed key that have rows of their own, by id in lower case. */
  shown: ReadonlyMap<string, { clientId: string; reading: Reading }>;
}

/** Which role assignments are asked for; `reachingKeys` may leave out those whose role is known to permit nothing with keys. */
export type WhichRoles = 'all' | 'reachingKeys';

/** Role assignments as an inventory shows them. */
export interface RoleAssignmentIndex {
  /** Those that apply at a scope; undefined where it can't be told whether a management group's do. */
  at(scope: string): ArmAnswer<RoleAssignment[]> | undefined;
}

/** Reads Azure Resource Manager. Each method throws {@link ReadFailure} for a failed call. */
export interface AzureReader {
  listSubscriptions(run: Run): Promise<Listed<Subscription>[]>;
  /** Ids of all subscriptions below a management group. */
  listSubscriptionsBelow(managementGroup: string, run: Run): Promise<string[]>;
  readRegistry(id: ResourceId, run: Run): Promise<ArmAnswer<Registry>>;
  /** All registries of a subscription, page by page. */
  listRegistries(subscriptionId: string, run: Run): Promise<ArmAnswer<AsyncIterable<Listed<Registry>>>>;
  /** The client id of a user-assigned identity, where Azure tells it. */
  readIdentity(id: string, run: Run): Promise<ArmAnswer<string | undefined>>;
  readKeyHolder(id: ResourceId, run: Run): Promise<ArmAnswer<FoundKeyHolder | DeletedKeyHolder>>;
  /** Where the live key holders of a subscription are, and Managed HSMs that are on their way out. */
  listKeyHolders(kind: HolderKind, subscriptionId: string, run: Run): Promise<ArmAnswer<HolderLocation[]>>;
  /** All key holders of a subscription as a single read would answer them, page by page. */
  listWholeKeyHolders(
    kind: HolderKind,
    subscriptionId: string,
    run: Run,
  ): Promise<ArmAnswer<AsyncIterable<Listed<{ id: ResourceId; holder: FoundKeyHolder | DeletedKeyHolder }>>>>;
  readDeletedKeyHolder(deleted: DeletedHolderLocation, run: Run): Promise<ArmAnswer<DeletedKeyHolder>>;
  listDeletedKeyHolders(
    kind: HolderKind,
    subscriptionId: string,
    run: Run,
  ): Promise<ArmAnswer<DeletedHolderLocation[]>>;
  /** Whether a name is free in the whole cloud; undefined where that can't be asked, as Key Vault is not in use there. */
  isNameFree(
    kind: HolderKind,
    name: string,
    subscriptionId: string,
    run: Run,
  ): Promise<ArmAnswer<boolean> | undefined>;
  /** A key's newest version, or a certain one. */
  readKey(
    holder: ResourceId,
    key: { name: string; version?: string },
    run: Run,
  ): Promise<ArmAnswer<FoundKeyVersion>>;
  /** Role assignments at a scope and above it. */
  readRoleAssignments(scope: string, run: Run): Promise<ArmAnswer<RoleAssignment[]>>;
  /** Role assignments at, above and below a subscription, page by page. */
  listRoleAssignments(
    subscriptionId: string,
    run: Run,
  ): Promise<ArmAnswer<AsyncIterable<Listed<RoleAssignment>>>>;
  readRole(roleDefinitionId: string, run: Run): Promise<ArmAnswer<Role>>;
  /** All roles that can be assigned in a subscription, by {@link toRoleId}. */
  listRoles(subscriptionId: string, run: Run): Promise<ArmAnswer<[string, Role][]>>;
  readDiagnosticSettings(resourceId: string, run: Run): Promise<ArmAnswer<DiagnosticSetting[]>>;
  /** Locks at a resource and above it. */
  readLocks(resourceId: string, run: Run): Promise<ArmAnswer<Lock[]>>;
}

/** Reads how the monitor itself is set up in Azure. Each method throws {@link ReadFailure} for a failed call. */
export interface SetupReader {
  /** What the identity may do at a scope, whatever grants it. */
  readPermissions(scope: string, run: Run): Promise<ArmAnswer<RolePermission[]>>;
  /** Name of a policy by its GUID; undefined where it has none. */
  readPolicyName(policy: string, run: Run): Promise<ArmAnswer<string | undefined>>;
  /** Event subscriptions of a subscription's resource events that lead to functions. */
  listEventSubscriptions(subscriptionId: string, run: Run): Promise<ArmAnswer<EventSubscription[]>>;
  /** Which functions of an app are kept ready; undefined for an app of another plan than Flex Consumption. */
  readAlwaysReady(siteId: string, run: Run): Promise<ArmAnswer<AlwaysReady[] | undefined>>;
}
