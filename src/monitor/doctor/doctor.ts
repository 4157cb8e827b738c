import type { Ports, Scope } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import { type Check, ok } from './check.ts';
import { checkActions, checkManagementGroup, checkSubscriptions } from './check-access.ts';
import { checkAlwaysReady, checkEventSubscriptions } from './check-events.ts';
import { checkGuardrails } from './check-guardrails.ts';
import { checkGraph, checkTables, checkWebhook } from './check-services.ts';

/** Examines how the monitor is set up, check by check; whoever can't sign in gets no further: that throws. */
export async function* examine(
  ports: Ports,
  { scope, isAlertTested, run }: { scope: Scope; isAlertTested: boolean; run: Run },
): AsyncGenerator<Check> {
  const { setup, whoAmI } = ports;
  const { name, objectId, tenantId } = await whoAmI();
  yield ok('Identity', `${name} (object ${objectId}, tenant ${tenantId})`);
  const group = await checkManagementGroup(ports, scope, run);
  yield group.check;
  const { check, subscriptions } = await checkSubscriptions(ports, { scope, below: group.below }, run);
  yield check;
  yield await checkActions(ports, subscriptions, run);
  yield await checkGraph(ports, subscriptions, run);
  yield await checkTables(ports);
  yield await checkWebhook(ports, isAlertTested);
  const events = await checkEventSubscriptions(setup, subscriptions, run);
  yield events.check;
  yield await checkAlwaysReady(setup, events.functionIds, run);
  yield await checkGuardrails(setup, run);
}
