import type { ArmAnswer } from '../arm-answer.ts';
import { toArmKey, toScopeKeys } from '../arm-key.ts';
import type { ArmBody } from '../tenant-contents.ts';
import type { TenantState } from '../tenant-state.ts';
import { invalidEventRequest } from './change-errors.ts';

/** Why a system topic can't be made; undefined where it can. */
export function refuseTopic(state: TenantState, body: ArmBody): ArmAnswer | undefined {
  const { subscription } = toScopeKeys(toArmKey(body.id));
  const { keys, read } = state.list(`${subscription}/providers/Microsoft.EventGrid/systemTopics`);
  const source = toArmKey(String(body.properties?.source));
  const other = keys.map(read).find((one) => toArmKey(String(one.properties?.source)) === source);
  return other && toArmKey(other.id) !== toArmKey(body.id)
    ? invalidEventRequest(
        `Only one system topic is allowed per source. System topic ${other.name} already exists for it.`,
      )
    : undefined;
}

/** Why an event subscription can't be made; undefined where it can. */
export function refuseEventSubscription(state: TenantState, body: ArmBody): ArmAnswer | undefined {
  const { destination } = (body.properties ?? {}) as {
    destination?: { endpointType?: string; properties?: { resourceId?: string } };
  };
  const target = destination?.properties?.resourceId ?? '';
  return destination?.endpointType === 'AzureFunction' && !state.get(target)
    ? invalidEventRequest(
        `Destination endpoint not found. Resource details: resourceId: ${target}. Resource should pre-exist before attempting this operation.`,
      )
    : undefined;
}
