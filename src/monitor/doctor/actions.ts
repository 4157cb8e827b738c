import readActions from '../../../infra/read-actions.json' with { type: 'json' };
import unlistedActions from '../../../infra/unlisted-actions.json' with { type: 'json' };
import { permitsAction, type RolePermission } from '../../domain/estate/role.ts';

/** Actions that the monitor's role permits in each subscription, by what needs them. Azure grants no unlisted one by its name. */
export const subscriptionActions = {
  sweep: readActions.sweep.filter(isListed),
  doctor: readActions.doctor.filter(isListed),
};

/** Actions that it permits in addition at a management group. */
export const managementGroupActions = readActions.managementGroup.filter(isListed);

/** Action that the always-ready instances of the function app are read by; only there it is needed. */
export const functionAppAction = 'Microsoft.Web/sites/read';

/** Which of some actions no block of permissions permits. */
export function toMissing(actions: readonly string[], permissions: RolePermission[]): string[] {
  return actions.filter((action) => !permitsAction({ state: 'found', permissions }, action));
}

function isListed(action: string): boolean {
  return !unlistedActions.includes(action);
}
