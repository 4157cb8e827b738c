import readActions from '../../infra/read-actions.json' with { type: 'json' };
import type { ArmAnswer } from './arm-answer.ts';
import type { ExtensionContext } from './arm-extensions.ts';
import { toArmKey } from './arm-key.ts';
import { toArmList, toPage } from './arm-paging.ts';
import { refuseAtScope } from './refuse-at-scope.ts';
import { toScopeReach } from './scope-reach.ts';
import type { ArmBody, GivenPermissions } from './tenant-contents.ts';

/** What the answer about permissions is made from. */
export interface PermissionsContext extends ExtensionContext {
  permissions: GivenPermissions[] | undefined;
}

const action = 'Microsoft.Authorization/permissions/read';

/** The scope that a request asks the caller's permissions at; undefined for any other request. */
export function parsePermissionsPath(path: string): string | undefined {
  return /^(.*)\/providers\/microsoft\.authorization\/permissions\/?$/i.exec(path)?.[1];
}

/** Answers what the caller may do at a scope, block by block of the roles that it holds there and above. */
export function answerPermissions(scope: string, context: PermissionsContext): ArmAnswer {
  const { request, paging } = context;
  const refusal = refuseAtScope(scope, { ...context, action, asked: scope || '/' });
  if (refusal) return refusal;
  const items = toBlocks(scope, context).map((block, index): [string, ArmBody] => [
    String(index).padStart(6, '0'),
    // A block of permissions is no resource: it has no id.
    block as unknown as ArmBody,
  ]);
  return { kind: 'json', status: 200, body: toPage(toArmList(items), request, paging) };
}

function toBlocks(
  scope: string,
  { state, groups, permissions }: PermissionsContext,
): Record<string, unknown>[] {
  if (!permissions) {
    const actions = Object.values(readActions)
      .flat()
      .filter((one) => state.isReadable(scope, one));
    return [{ actions, notActions: [], dataActions: [], notDataActions: [] }];
  }
  const visible = state.subscriptionIds().map((id) => `/subscriptions/${id}`);
  const { isAtOrAbove } = toScopeReach(scope, groups, visible);
  return permissions.filter((one) => isAtOrAbove(toArmKey(one.scope))).flatMap(({ value }) => value);
}
