import { createContainerRegistryManagement } from '@azure/arm-containerregistry/api';
import {
  get as getRegistry,
  list as listRegistriesOfSubscription,
} from '@azure/arm-containerregistry/api/registries';
import { createKeyVaultManagement } from '@azure/arm-keyvault/api';
import * as managedHsms from '@azure/arm-keyvault/api/managedHsms';
import * as vaults from '@azure/arm-keyvault/api/vaults';
import { createSubscription } from '@azure/arm-resources-subscriptions/api';
import { list as listAllSubscriptions } from '@azure/arm-resources-subscriptions/api/subscriptions';
import { toDeletedKeyHolder, toKeyHolder } from '../../bodies/key-holder.ts';
import {
  toDeletedHolderLocations,
  toHolderLocations,
  toNameAvailability,
  toSubscription,
  toSubscriptionBelow,
} from '../../bodies/lists.ts';
import { toRegistry } from '../../bodies/registry.ts';
import type { HolderKind } from '../../domain/estate/key-identifier.ts';
import type { DeletedHolderLocation, Listed } from '../../domain/estate/places.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { ArmAnswer, AzureReader } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import type { Connection } from '../connection.ts';
import type { Target } from './arm-call.ts';
import { createArmKeyReader } from './arm-key-reader.ts';
import { type Client, createArmPages, type FirstPage, mapAnswer, type RawItem } from './arm-pages.ts';

/** Api version of the list of what is below a management group; none of the SDKs above has that operation. */
const descendantsVersion = '2020-05-01';

/** Stands for the answer of a subscription that can't be asked for names. */
const noAnswer = {};

const deletedGone = [
  'resourcenotfound',
  'resourcegroupnotfound',
  'deletedvaultnotfound',
  'deletedmanagedhsmnotfound',
  'vaultnotfound',
  'managedhsmnotfound',
  'notfound',
];

/** Reads ARM by the operations of its SDKs, and their bodies as ARM wrote them. */
export function createArmReader(connection: Connection): AzureReader {
  const { credential, options, caller } = connection;
  const { call } = caller;
  const { listPages, followPages } = createArmPages(caller);
  const registryClient = createContainerRegistryManagement(credential, '', options);
  const keyVaultClient = createKeyVaultManagement(credential, '', options);
  const subscriptionClient = createSubscription(credential, options);
  const registriesOf = (subscriptionId: string) => ({ ...registryClient, subscriptionId });
  const holdersOf = (subscriptionId: string) => ({ ...keyVaultClient, subscriptionId });

  return {
    listSubscriptions,
    listSubscriptionsBelow,
    readRegistry,
    listRegistries,
    readKeyHolder,
    listKeyHolders,
    listWholeKeyHolders,
    readDeletedKeyHolder,
    listDeletedKeyHolders,
    isNameFree,
    ...createArmKeyReader(connection),
  };

  async function listSubscriptions(run: Run) {
    const target = { what: 'subscription', id: '/subscriptions' } as const;
    const first = await listPages(subscriptionClient, target, run, (o) =>
      listAllSubscriptions(subscriptionClient, o),
    );
    if (first.state !== 'found')
      throw new ReadFailure(`Reading the list of subscriptions: HTTP ${first.reading.status}`);
    const listed = [];
    for await (const { item, reading } of first.value) {
      listed.push(toListed(item, () => toSubscription(item, reading)));
    }
    return listed;
  }

  async function listSubscriptionsBelow(managementGroup: string, run: Run) {
    const path = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(managementGroup)}/descendants`;
    const target = { what: 'managementGroup', id: managementGroup } as const;
    const first = await call(target, run, async (o) =>
      subscriptionClient.pathUnchecked(`${path}?api-version=${descendantsVersion}`).get(o),
    );
    if (first.state !== 'found') {
      throw new ReadFailure(`Reading management group ${managementGroup}: HTTP ${first.reading.status}`);
    }
    const { value: body, reading } = first;
    const below: string[] = [];
    for await (const { item } of followPages(subscriptionClient, target, run, { body, reading })) {
      below.push(...toSubscriptionBelow(item));
    }
    return below;
  }

  async function readRegistry(id: ResourceId, run: Run): Promise<ArmAnswer<Registry>> {
    const answer = await call({ what: 'registry', id: id.id }, run, (o) =>
      getRegistry(registriesOf(id.subscriptionId), id.resourceGroup, id.name, o),
    );
    return mapAnswer(answer, (body, reading) => toRegistry(body, reading, id));
  }

  async function listRegistries(subscriptionId: string, run: Run) {
    const client = registriesOf(subscriptionId);
    const target = { what: 'registry', id: `/subscriptions/${subscriptionId}` } as const;
    const items = await listPages(client, target, run, (o) => listRegistriesOfSubscription(client, o));
    return mapAnswer(items, toListedRegistries);
  }

  async function readKeyHolder(id: ResourceId, run: Run) {
    const { get } = id.kind === 'vault' ? vaults : managedHsms;
    const answer = await call({ what: id.kind, id: id.id }, run, (o) =>
      get(holdersOf(id.subscriptionId), id.resourceGroup, id.name, o),
    );
    return mapAnswer(answer, (body, reading) => toKeyHolder(body, reading, id));
  }

  async function listKeyHolders(kind: HolderKind, subscriptionId: string, run: Run) {
    const client = holdersOf(subscriptionId);
    const { listBySubscription } = kind === 'vault' ? vaults : managedHsms;
    return listAll({ what: kind, id: `/subscriptions/${subscriptionId}` }, client, run, {
      list: (o) => listBySubscription(client, o),
      toItems: (item) => toHolderLocations(kind, item),
    });
  }

  async function listWholeKeyHolders(kind: HolderKind, subscriptionId: string, run: Run) {
    const client = holdersOf(subscriptionId);
    const { listBySubscription } = kind === 'vault' ? vaults : managedHsms;
    const target = { what: kind, id: `/subscriptions/${subscriptionId}` } as const;
    const items = await listPages(client, target, run, (o) => listBySubscription(client, o));
    return mapAnswer(items, (listed) => toListedHolders(kind, listed));
  }

  async function readDeletedKeyHolder(where: DeletedHolderLocation, run: Run) {
    const { kind, name, subscriptionId } = where;
    const location = where.location.toLowerCase().replaceAll(' ', '');
    const { getDeleted } = kind === 'vault' ? vaults : managedHsms;
    const id = `/subscriptions/${subscriptionId}/locations/${location}/${name}`;
    const answer = await call({ what: toDeletedKind(kind), id, goneCodes: deletedGone }, run, (o) =>
      getDeleted(holdersOf(subscriptionId), name, location, o),
    );
    return mapAnswer(answer, (body, reading) => toDeletedKeyHolder(body, reading, where));
  }

  async function listDeletedKeyHolders(kind: HolderKind, subscriptionId: string, run: Run) {
    const client = holdersOf(subscriptionId);
    const { listDeleted } = kind === 'vault' ? vaults : managedHsms;
    return listAll({ what: toDeletedKind(kind), id: `/subscriptions/${subscriptionId}` }, client, run, {
      list: (o) => listDeleted(client, o),
      toItems: (item) => toDeletedHolderLocations(kind, item),
    });
  }

  async function isNameFree(kind: HolderKind, name: string, subscriptionId: string, run: Run) {
    const client = holdersOf(subscriptionId);
    const answer = await call({ what: 'nameAvailability', id: name, whereNone: noAnswer }, run, (o) =>
      kind === 'vault'
        ? vaults.checkNameAvailability(client, { name, type: 'Microsoft.KeyVault/vaults' }, o)
        : managedHsms.checkMhsmNameAvailability(client, { name }, o),
    );
    if (answer.state === 'found' && answer.value === noAnswer) return undefined;
    return mapAnswer(answer, toNameAvailability);
  }

  async function listAll<T>(
    target: Target,
    client: Client,
    run: Run,
    { list, toItems }: { list: FirstPage; toItems(item: unknown): T[] },
  ): Promise<ArmAnswer<T[]>> {
    const answer = await listPages(client, target, run, list);
    if (answer.state !== 'found') return answer;
    const all: T[] = [];
    for await (const { item } of answer.value) all.push(...toItems(item));
    return { ...answer, value: all };
  }
}

function toDeletedKind(kind: HolderKind) {
  return kind === 'vault' ? ('deletedVault' as const) : ('deletedManagedHsm' as const);
}

async function* toListedRegistries(items: AsyncIterable<RawItem>): AsyncGenerator<Listed<Registry>> {
  for await (const { item, reading } of items) yield toListed(item, () => toRegistry(item, reading));
}

async function* toListedHolders(kind: HolderKind, items: AsyncIterable<RawItem>) {
  for await (const { item, reading } of items) {
    for (const { id } of toHolderLocations(kind, item)) {
      yield toListed(item, () => ({ id, holder: toKeyHolder(item, reading, id) }));
    }
  }
}

/** One odd item costs one item, not its page. */
function toListed<T>(item: unknown, read: () => T): Listed<T> {
  try {
    return { item: read() };
  } catch (error) {
    if (!(error instanceof ReadFailure)) throw error;
    const id = (item as { id?: unknown } | null)?.id;
    return { oddItem: typeof id === 'string' ? id : 'an item without id', reason: error.message };
  }
}
