import type { ArmAnswer, ArmRequest } from './arm-answer.ts';
import { authorizationFailed, managementGroupNotFound } from './arm-errors.ts';
import { type Paging, toArmList, toPage } from './arm-paging.ts';
import { type ManagementGroups, toManagementGroupId } from './management-groups.ts';
import type { ArmBody, ManagementGroup } from './tenant-contents.ts';
import type { TenantState } from './tenant-state.ts';

/** What the list of a management group's descendants is made from. */
export interface DescendantsContext {
  state: TenantState;
  groups: ManagementGroups;
  request: ArmRequest;
  paging: Paging & { endpoint: string };
}

const action = 'Microsoft.Management/managementGroups/descendants/read';

/** Answers everything below the management group of that name, subscriptions that the caller doesn't see included. */
export function answerDescendants(name: string, context: DescendantsContext): ArmAnswer {
  const { state, groups, request, paging } = context;
  const id = toManagementGroupId({ name });
  if (!state.isReadable(id, action)) return authorizationFailed(action, id);
  const group = groups.find(name);
  if (!group) return managementGroupNotFound(id);
  const below = groups.groupsBelow(group);
  const bodies = [
    ...below.map(toGroupBody),
    ...[group, ...below].flatMap((one) => toSubscriptionBodies(one, state)),
  ];
  const items = bodies.map((body): [string, ArmBody] => [body.id.toLowerCase(), body]);
  items.sort(([a], [b]) => (a < b ? -1 : 1));
  return { kind: 'json', status: 200, body: toPage(toArmList(items), request, paging) };
}

function toGroupBody({ name, displayName, parent = '' }: ManagementGroup): ArmBody {
  return {
    id: toManagementGroupId({ name }),
    type: 'Microsoft.Management/managementGroups',
    name,
    properties: { displayName, parent: { id: toManagementGroupId({ name: parent }) } },
  };
}

function toSubscriptionBodies(group: ManagementGroup, state: TenantState): ArmBody[] {
  return (group.subscriptions ?? []).map((name) => ({
    id: `/subscriptions/${name}`,
    type: '/subscriptions',
    name,
    properties: {
      displayName: state.get(`/subscriptions/${name}`)?.displayName,
      parent: { id: toManagementGroupId(group) },
    },
  }));
}
