import type { Identity } from '../../domain/estate/identity.ts';
import type { Run } from '../ports/ports.ts';
import { type Check, ok } from './check.ts';
import { type AccessDeps, checkActions, checkManagementGroup, checkSubscriptions } from './check-access.ts';
import { checkAlwaysReady, checkEventSubscriptions } from './check-events.ts';
import { checkGuardrails } from './check-guardrails.ts';
import { checkGraph, checkTables, checkWebhook, type ServiceDeps } from './check-services.ts';

export type { Check } from './check.ts';

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
