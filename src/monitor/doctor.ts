import type { Identity } from '../domain/identity.ts';
import { type Check, ok } from './doctor/check.ts';
import {
  type AccessDeps,
  checkActions,
  checkManagementGroup,
  checkSubscriptions,
} from './doctor/check-access.ts';
import { checkAlwaysReady, checkEventSubscriptions } from './doctor/check-events.ts';
import { checkGuardrails } from './doctor/check-guardrails.ts';
import { checkGraph, checkTables, checkWebhook, type ServiceDeps } from './doctor/check-services.ts';
import type { Run } from './ports.ts';

export type { Check } from './doctor/check.ts';

/** What examining needs. */
export interface DoctorDeps extends AccessDeps, ServiceDeps {
  whoAmI(): Promise<Identity>;
}

/** Examines how the monitor is set up, check by check; whoever can't sign in gets no further: that throws. */
export async function* examine(
  deps: DoctorDeps,
  run: Run,
  { isAlertTested = true } = {},
): AsyncGenerator<Check> {
  const { setup, whoAmI } = deps;
  const { name, objectId, tenantId } = await whoAmI();
  yield ok('Identity', `${name} (object ${objectId}, tenant ${tenantId})`);
  const group = await checkManagementGroup(deps, run);
  yield group.check;
  const { check, subscriptions } = await checkSubscriptions(deps, group.below, run);
  yield check;
  yield await checkActions(deps, subscriptions, run);
  yield await checkGraph(deps, subscriptions, run);
  yield await checkTables(deps);
  yield await checkWebhook(deps, isAlertTested);
  const events = await checkEventSubscriptions(setup, subscriptions, run);
  yield events.check;
  yield await checkAlwaysReady(setup, events.functionIds, run);
  yield await checkGuardrails(setup, run);
}
