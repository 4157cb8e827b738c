import { toPermission } from '../../bodies/roles.ts';
import {
  toAlwaysReady,
  toEventSubscriptions,
  toPolicyName,
  toSubscriptionTopics,
} from '../../bodies/setup.ts';
import { ReadFailure } from '../../domain/estate/read-failure.ts';
import type { RolePermission } from '../../domain/estate/role.ts';
import type { ArmAnswer, SetupReader } from '../../monitor/ports/azure-ports.ts';
import type { Run } from '../../monitor/ports/ports.ts';
import type { Connection } from '../connection.ts';
import { emptyList } from './arm-call.ts';
import { mapAnswer } from './arm-pages.ts';
import { createArmPaths } from './arm-paths.ts';

/** Api versions of what none of the SDKs in use has an operation for. */
const versions = {
  permissions: '2022-04-01',
  policies: '2025-03-01',
  eventGrid: '2025-02-15',
  sites: '2024-11-01',
};

/** Builds the reader of how the monitor itself is set up. */
export function createArmSetupReader(connection: Connection): SetupReader {
  const { get, listAll } = createArmPaths(connection);
  return { readPermissions, readPolicyName, listEventSubscriptions, readAlwaysReady };

  function readPermissions(scope: string, run: Run): Promise<ArmAnswer<RolePermission[]>> {
    return listAll({ what: 'permissions', id: scope }, run, {
      path: `${scope}/providers/Microsoft.Authorization/permissions`,
      query: `api-version=${versions.permissions}`,
      toItems: (item): RolePermission[] => [toKnownPermission(item, scope)],
    });
  }

  async function readPolicyName(policy: string, run: Run) {
    const path = `/providers/Microsoft.Authorization/policyDefinitions/${policy}`;
    const target = {
      what: 'policy',
      id: policy,
      goneCodes: ['policydefinitionnotfound', 'resourcenotfound'],
    } as const;
    return mapAnswer(
      await get(target, run, { path, query: `api-version=${versions.policies}` }),
      toPolicyName,
    );
  }

  /**
   * Those at the subscription itself, and those of its system topic; the list for the subscription also holds those of
   * its resource groups (https://learn.microsoft.com/rest/api/eventgrid/controlplane/event-subscriptions/list-global-by-subscription).
   */
  async function listEventSubscriptions(subscriptionId: string, run: Run) {
    const provider = `/subscriptions/${subscriptionId}/providers/Microsoft.EventGrid`;
    const query = `api-version=${versions.eventGrid}`;
    const ofSubscription = {
      what: 'eventSubscriptions',
      id: `/subscriptions/${subscriptionId}`,
      whereNone: emptyList,
    } as const;
    const own = await listAll(ofSubscription, run, {
      path: `${provider}/eventSubscriptions`,
      query,
      toItems: toEventSubscriptions,
    });
    if (own.state !== 'found') return own;
    const topics = await listAll(ofSubscription, run, {
      path: `${provider}/systemTopics`,
      query,
      toItems: toSubscriptionTopics,
    });
    if (topics.state !== 'found') return topics;
    const all = own.value.filter(({ id }) => isAtSubscription(id));
    for (const id of topics.value) {
      const answer = await listAll({ what: 'eventSubscriptions', id, whereNone: emptyList }, run, {
        path: `${id}/eventSubscriptions`,
        query,
        toItems: toEventSubscriptions,
      });
      if (answer.state === 'gone') continue;
      if (answer.state !== 'found') return answer;
      all.push(...answer.value);
    }
    return { ...own, value: all };
  }

  async function readAlwaysReady(siteId: string, run: Run) {
    const answer = await get({ what: 'functionApp', id: siteId }, run, {
      path: siteId,
      query: `api-version=${versions.sites}`,
    });
    return mapAnswer(answer, toAlwaysReady);
  }
}

/** What can't be read might permit anything: nobody may be told to lack it. */
function toKnownPermission(item: unknown, scope: string): RolePermission {
  const permission = toPermission(item);
  if (!permission) throw new ReadFailure(`Reading permissions ${scope}: a block in no known shape`);
  return permission;
}

function isAtSubscription(id: string): boolean {
  return /^\/subscriptions\/[^/]+\/providers\//i.test(id);
}
