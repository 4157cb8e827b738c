import type { ArmAnswer } from './arm-answer.ts';
import {
  authorizationFailed,
  managementGroupNotFound,
  resourceGroupNotFound,
  resourceNotFound,
  subscriptionNotFound,
} from './arm-errors.ts';
import { toArmKey, toScopeKeys } from './arm-key.ts';
import type { ManagementGroups } from './management-groups.ts';
import { toGroup } from './scope-reach.ts';
import type { TenantState } from './tenant-state.ts';

/** What is wanted at a scope. */
export interface ScopeRequest {
  state: TenantState;
  groups: ManagementGroups;
  /** The action that the caller needs, at the id that it asks for */
  action: string;
  asked: string;
}

/** Why nothing can be read at a scope: the caller doesn't see it or may not, or it doesn't exist; undefined where it can. */
export function refuseAtScope(
  scope: string,
  { state, groups, action, asked }: ScopeRequest,
): ArmAnswer | undefined {
  const { subscription, group } = toScopeKeys(toArmKey(scope));
  const subscriptionId = subscription.slice('/subscriptions/'.length);
  if (subscription && !state.hasSubscription(subscriptionId)) return subscriptionNotFound(subscriptionId);
  if (!state.isReadable(asked, action)) return authorizationFailed(action, asked);
  if (group && !state.hasGroup(scope)) return resourceGroupNotFound(scope.split('/')[4] ?? '');
  if (!subscription && scope && !toGroup(toArmKey(scope), groups)) return managementGroupNotFound(scope);
  return refuseMissingResource(scope, state);
}

/** What lies in the resource is not looked at: Resource Manager knows neither keys nor other things inside. */
function refuseMissingResource(scope: string, state: TenantState): ArmAnswer | undefined {
  const [, id = '', group = '', type = '', name = ''] =
    /^(\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+))/i.exec(scope) ??
    [];
  return id === '' || state.get(id) ? undefined : resourceNotFound(`${type}/${name}`, group);
}
