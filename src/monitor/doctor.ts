import pMap from 'p-map';
import readActions from '../../infra/read-actions.json' with { type: 'json' };
import type { Identity } from '../domain/identity.ts';
import { permitsAction } from '../domain/role.ts';
import type { EventSubscription } from '../domain/setup.ts';
import type { AlertSink, AzureReader, Inventory, Run, SetupReader, Subscription, SweepLog } from './ports.ts';
import { toReason } from './run.ts';
import { sendTestAlert } from './test-alert.ts';

/** What one check of the set-up came to. */
export interface Check {
  name: string;
  /** `failed`: the monitor can't do its work; `warning`: it works, and less well than it could. */
  outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  message: string;
}

/** What examining needs. */
export interface DoctorDeps {
  azure: AzureReader;
  setup: SetupReader;
  inventory: Inventory | undefined;
  sweeps: SweepLog;
  sink: AlertSink | undefined;
  whoAmI(): Promise<Identity>;
  scope: { subscriptionIds: readonly string[]; managementGroup?: string };
  now(): Date;
}

/** Policies that guard against what the monitor finds (source: the definitions in the repository Azure/azure-policy). */
const guardrails: Record<string, string> = {
  '5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580':
    'Container registries should be encrypted with a customer-managed key',
  '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53': 'Key vaults should have deletion protection enabled',
  'c39ba22d-4428-4149-b981-70acb31fc383': 'Azure Key Vault Managed HSM should have purge protection enabled',
};

/** Function that events lead to. */
const eventFunction = '/functions/resourcechanged';

/** Subscriptions that are looked at at once. */
const concurrency = 8;

/** Subscriptions and actions that a message names at most. */
const maxNamed = 10;

/** Examines how the monitor is set up, check by check; whoever can't sign in gets no further: that throws. */
export async function* examine(
  deps: DoctorDeps,
  run: Run,
  { isAlertTested = true } = {},
): AsyncGenerator<Check> {
  const { name, objectId, tenantId } = await deps.whoAmI();
  yield ok('Identity', `${name} (object ${objectId}, tenant ${tenantId})`);
  const inSight = await readSubscriptions(deps, run);
  yield inSight.check;
  const { subscriptions } = inSight;
  yield await attempt('Read actions', () => checkActions(deps, subscriptions, run));
  yield await attempt('Management group', () => checkManagementGroup(deps, run));
  yield await attempt('Resource Graph', () => checkGraph(deps, subscriptions, run));
  yield await attempt('Table Storage', () => checkTables(deps));
  yield await attempt('Webhook', () => checkWebhook(deps, isAlertTested));
  const events = await readEventSubscriptions(deps, subscriptions, run);
  yield events.check;
  yield await attempt('Always-ready instance', () => checkAlwaysReady(deps, events.functionIds, run));
  yield await attempt('Guardrail policies', () => checkPolicies(deps, run));
}

async function readSubscriptions(
  { azure, scope }: DoctorDeps,
  run: Run,
): Promise<{ check: Check; subscriptions: Subscription[] }> {
  const listed = await azure.listSubscriptions(run);
  const inSight = listed.flatMap((one) => ('item' in one ? one.item : []));
  const below = scope.managementGroup
    ? await azure.listSubscriptionsBelow(scope.managementGroup, run).catch(() => [])
    : [];
  const wanted = new Set([...scope.subscriptionIds, ...below].map((id) => id.toLowerCase()));
  const isScoped = scope.subscriptionIds.length > 0 || scope.managementGroup !== undefined;
  const subscriptions = inSight.filter(
    ({ subscriptionId }) => !isScoped || wanted.has(subscriptionId.toLowerCase()),
  );
  const seen = new Set(subscriptions.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
  const missing = [...wanted].filter((id) => !seen.has(id));
  const count = `${subscriptions.length} of ${inSight.length} in sight are watched`;
  const check =
    missing.length > 0
      ? failed('Subscriptions', `${count}; not in sight: ${toList(missing)}`)
      : subscriptions.length === 0
        ? failed(
            'Subscriptions',
            'none in sight: grant the identity the monitor’s role, at a management group or at subscriptions',
          )
        : ok('Subscriptions', count);
  return { check, subscriptions };
}

/** Each action that the monitor needs, by name, from the list that its role is made from. */
async function checkActions(
  { setup }: DoctorDeps,
  subscriptions: readonly Subscription[],
  run: Run,
): Promise<Check> {
  const lacking = await pMap(
    subscriptions,
    async ({ subscriptionId }) => {
      const answer = await setup.readPermissions(`/subscriptions/${subscriptionId}`, run);
      if (answer.state !== 'found')
        return `${subscriptionId}: its permissions can’t be read (HTTP ${answer.reading.status})`;
      const role = { state: 'found', permissions: answer.value } as const;
      const missing = readActions.sweep.filter((action) => !permitsAction(role, action));
      return missing.length > 0 ? `${subscriptionId} lacks ${missing.join(', ')}` : [];
    },
    { concurrency },
  );
  const faults = lacking.flat();
  return faults.length > 0
    ? failed('Read actions', toList(faults))
    : ok(
        'Read actions',
        `all ${readActions.sweep.length} are permitted in ${subscriptions.length} subscriptions`,
      );
}

async function checkManagementGroup({ setup, scope }: DoctorDeps, run: Run): Promise<Check> {
  const group = scope.managementGroup;
  if (!group) return skipped('Management group', 'MANAGEMENT_GROUP_ID is not set');
  const answer = await setup.readPermissions(
    `/providers/Microsoft.Management/managementGroups/${group}`,
    run,
  );
  if (answer.state !== 'found')
    return failed('Management group', `${group} can’t be read (HTTP ${answer.reading.status})`);
  const role = { state: 'found', permissions: answer.value } as const;
  const missing = readActions.managementGroup.filter((action) => !permitsAction(role, action));
  return missing.length > 0
    ? failed('Management group', `${group} lacks ${missing.join(', ')}`)
    : ok('Management group', `the subscriptions below ${group} can be listed`);
}

async function checkGraph(
  { inventory }: DoctorDeps,
  subscriptions: readonly Subscription[],
  run: Run,
): Promise<Check> {
  if (!inventory)
    return skipped('Resource Graph', 'INVENTORY is arm: registries are listed subscription by subscription');
  const ids = subscriptions.map(({ subscriptionId }) => subscriptionId.toLowerCase());
  const shown = await inventory.listReadableSubscriptions(ids, run);
  const hidden = ids.filter((id) => !shown.has(id));
  return hidden.length > 0
    ? warning('Resource Graph', `leaves out ${toList(hidden)}; sweeps read these from ARM`)
    : ok('Resource Graph', `answers for ${ids.length} subscriptions`);
}

async function checkTables({ sweeps }: DoctorDeps): Promise<Check> {
  const { items } = await sweeps.listSweeps({ limit: 1 });
  const [last] = items;
  return ok(
    'Table Storage',
    last ? `answers; the last sweep started ${last.startedAt}` : 'answers; nothing was swept yet',
  );
}

async function checkWebhook({ sink, now }: DoctorDeps, isTested: boolean): Promise<Check> {
  if (!sink) return warning('Webhook', 'ALERT_WEBHOOK_URL is not set: nobody is told of findings');
  if (!isTested) return skipped('Webhook', 'no test alert was asked for');
  const delivery = await sendTestAlert(sink, now());
  return delivery.state === 'delivered'
    ? ok('Webhook', 'took a signed test alert')
    : failed('Webhook', `did not take a test alert: ${delivery.error}`);
}

async function readEventSubscriptions(
  { setup }: DoctorDeps,
  subscriptions: readonly Subscription[],
  run: Run,
): Promise<{ check: Check; functionIds: string[] }> {
  const name = 'Event subscriptions';
  const found = await pMap(
    subscriptions,
    async ({ subscriptionId }) => {
      const answer = await setup.listEventSubscriptions(subscriptionId, run).catch(() => undefined);
      return {
        subscriptionId,
        leading: answer?.state === 'found' ? answer.value.filter(leadsToMonitor) : undefined,
      };
    },
    { concurrency },
  );
  const functionIds = [
    ...new Set(found.flatMap(({ leading }) => (leading ?? []).map(({ functionId }) => functionId))),
  ];
  const unread = found.filter(({ leading }) => leading === undefined).map(toId);
  const without = found.filter(({ leading }) => leading?.length === 0).map(toId);
  const check =
    without.length > 0
      ? warning(name, `missing in ${toList(without)}: changes there are only seen by the sweep`)
      : unread.length > 0
        ? warning(
            name,
            `can’t be read in ${toList(unread)} (${readActions.doctor.filter((action) => action.includes('EventGrid')).join(', ')})`,
          )
        : ok(name, `each of ${subscriptions.length} subscriptions has one that leads to the monitor`);
  return { check, functionIds };
}

async function checkAlwaysReady(
  { setup }: DoctorDeps,
  functionIds: readonly string[],
  run: Run,
): Promise<Check> {
  const name = 'Always-ready instance';
  const [functionId] = functionIds;
  if (!functionId) return skipped(name, 'the function app is not known: no event subscription leads to it');
  const siteId = functionId.slice(0, -eventFunction.length);
  const answer = await setup.readAlwaysReady(siteId, run);
  if (answer.state !== 'found')
    return warning(name, `${siteId} can’t be read (HTTP ${answer.reading.status})`);
  const isOn = answer.value.some(
    (group) => group.name.toLowerCase() === 'function:resourcechanged' && group.instanceCount > 0,
  );
  return isOn
    ? ok(name, 'the function that hears of changes is kept ready')
    : warning(
        name,
        'none for function:resourceChanged: after a quiet time the first event may be handled minutes late',
      );
}

async function checkPolicies({ setup }: DoctorDeps, run: Run): Promise<Check> {
  const name = 'Guardrail policies';
  const faults: string[] = [];
  for (const [id, expected] of Object.entries(guardrails)) {
    const answer = await setup.readPolicyName(id, run);
    if (answer.state === 'found' && answer.value === expected) continue;
    faults.push(
      answer.state === 'found'
        ? `${id} is named "${answer.value ?? ''}"`
        : `${id} (${expected}): HTTP ${answer.reading.status}`,
    );
  }
  return faults.length > 0
    ? warning(name, toList(faults))
    : ok(name, `all ${Object.keys(guardrails).length} exist under the expected names`);
}

/** A check that could not be made has failed, and says why. */
async function attempt(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    return failed(name, toReason(error));
  }
}

function leadsToMonitor({ functionId, provisioningState }: EventSubscription): boolean {
  return functionId.toLowerCase().endsWith(eventFunction) && provisioningState.toLowerCase() === 'succeeded';
}

function toId({ subscriptionId }: { subscriptionId: string }): string {
  return subscriptionId;
}

function toList(items: readonly string[]): string {
  const named = items.slice(0, maxNamed).join('; ');
  return items.length > maxNamed ? `${named} and ${items.length - maxNamed} more` : named;
}

function ok(name: string, message: string): Check {
  return { name, outcome: 'ok', message };
}

function warning(name: string, message: string): Check {
  return { name, outcome: 'warning', message };
}

function failed(name: string, message: string): Check {
  return { name, outcome: 'failed', message };
}

function skipped(name: string, message: string): Check {
  return { name, outcome: 'skipped', message };
}
