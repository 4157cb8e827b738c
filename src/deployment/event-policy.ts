import writerActions from '../../infra/event-writer-actions.json' with { type: 'json' };
import template from '../../infra/modules/events/subscription.json' with { type: 'json' };
import type { Arm } from './arm.ts';
import {
  assignRole,
  deleteRole,
  findRoles,
  unassignBelow,
  unassignRole,
  type WantedRole,
  writeRole,
} from './custom-role.ts';
import { type Ensured, ensure, together } from './ensure.ts';
import { toEventsGroup } from './events.ts';
import { toAssigner } from './guardrails.ts';
import { type MonitorName, type MonitorPlace, toSignature, toTags } from './monitor-place.ts';
import { patiently, type Wait } from './patiently.ts';
import { stableGuid } from './stable-guid.ts';

const definitions = 'providers/Microsoft.Authorization/policyDefinitions';
const assignments = 'providers/Microsoft.Authorization/policyAssignments';

const parameterTypes: Record<string, 'String' | 'Object'> = {
  deadLetterAccountId: 'String',
  deadLetterContainer: 'String',
  eventIdentityId: 'String',
  eventSubscriptionName: 'String',
  functionId: 'String',
  location: 'String',
  resourceGroupName: 'String',
  topicName: 'String',
  tags: 'Object',
};

/** Where the policy's identity writes: in each subscription below the group, and to what event subscriptions point to. */
function toWriterRoles(monitor: MonitorName): { writer: WantedRole; endpoint: WantedRole } {
  const signature = toSignature(monitor);
  return {
    writer: {
      roleName: `ACR CMK monitor event writer (${signature})`,
      description: 'Makes a resource group, a system topic and an event subscription in a subscription.',
      actions: writerActions.subscription,
    },
    endpoint: {
      roleName: `ACR CMK monitor event endpoint (${signature})`,
      description:
        "Points event subscriptions at the monitor's function, and their dead letters at its account.",
      actions: writerActions.endpoint,
    },
  };
}

/** Gives subscriptions that are new below a management group their events, by a policy with an identity of its own. */
export async function assignEventPolicy(
  arm: Arm,
  monitor: MonitorPlace,
  { scope, exemptions }: { scope: string; exemptions: readonly string[] },
  wait?: Wait,
): Promise<Ensured> {
  const name = `acr-cmk-${monitor.hash}`;
  const { writer, endpoint } = toWriterRoles(monitor);
  const writerGuid = stableGuid(scope, monitor.home, monitor.environment, 'event-writer');
  const [thereWriter] = await findRoles(arm, scope, (roleName) => roleName === writer.roleName);
  const writerRole = thereWriter?.guid ?? writerGuid;
  const parts = [await writeRole(arm, writerRole, writer, [scope])];
  parts.push(await ensure(arm, `${scope}/${definitions}/${name}`, toDefinition(monitor, writerRole)));
  const id = `${scope}/${assignments}/${name}`;
  const assignment = toAssignment(monitor, `${scope}/${definitions}/${name}`, exemptions);
  parts.push(await patiently(() => ensure(arm, id, assignment), wait));
  const principalId = (await arm.get(id))?.identity?.principalId;
  if (!principalId) return together(parts);
  parts.push(await assignRole(arm, { scope, guid: writerRole, principalId, isOnly: true }, wait));
  const home = `/subscriptions/${monitor.home}`;
  const [thereEndpoint] = await findRoles(arm, home, (roleName) => roleName === endpoint.roleName);
  const guid = thereEndpoint?.guid ?? stableGuid(monitor.groupId, monitor.environment, 'event-endpoint');
  parts.push(await writeRole(arm, guid, endpoint, [home]));
  for (const target of [monitor.appId, monitor.deadLetterAccountId, monitor.eventIdentityId]) {
    parts.push(await assignRole(arm, { scope: target, guid, principalId, isOnly: true }, wait));
  }
  return together(parts);
}

function toDefinition({ environment, hash, location }: MonitorPlace, writerRole: string) {
  const handed = Object.keys(parameterTypes).map((name) => [name, { value: `[parameters('${name}')]` }]);
  return {
    properties: {
      displayName: `Subscriptions send resource events to the ACR CMK monitor (${environment})`,
      description:
        'Makes a system topic and an event subscription in each subscription that has no topic of this name.',
      mode: 'All',
      policyType: 'Custom',
      metadata: { category: 'Event Grid', monitor: hash },
      parameters: Object.fromEntries(Object.entries(parameterTypes).map(([name, type]) => [name, { type }])),
      policyRule: {
        if: { field: 'type', equals: 'Microsoft.Resources/subscriptions' },
        // biome-ignore lint/suspicious/noThenProperty: that is what policies call it.
        then: {
          effect: 'deployIfNotExists',
          details: {
            type: 'Microsoft.EventGrid/systemTopics',
            existenceScope: 'subscription',
            existenceCondition: { field: 'name', equals: "[parameters('topicName')]" },
            deploymentScope: 'subscription',
            evaluationDelay: 'AfterProvisioning',
            roleDefinitionIds: [`/providers/Microsoft.Authorization/roleDefinitions/${writerRole}`],
            deployment: {
              location,
              properties: { mode: 'incremental', parameters: Object.fromEntries(handed), template },
            },
          },
        },
      },
    },
  };
}

function toAssignment(monitor: MonitorPlace, policyDefinitionId: string, notScopes: readonly string[]) {
  const { environment, hash, location } = monitor;
  const values = {
    deadLetterAccountId: monitor.deadLetterAccountId,
    deadLetterContainer: 'dead-letters',
    eventIdentityId: monitor.eventIdentityId,
    eventSubscriptionName: `acr-cmk-monitor-${hash}`,
    functionId: monitor.functionId,
    location,
    resourceGroupName: toEventsGroup(monitor),
    topicName: `evgt-${hash}`,
    tags: toTags(monitor),
  };
  return {
    location,
    identity: { type: 'SystemAssigned' },
    properties: {
      displayName: `Resource events to the ACR CMK monitor (${environment})`,
      enforcementMode: 'Default',
      metadata: { assignedBy: toAssigner(monitor) },
      notScopes: [...notScopes],
      parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
      policyDefinitionId,
    },
  };
}

/** Removes the policy of a management group with its rights; answers whether there was one. */
export async function removeEventPolicy(arm: Arm, monitor: MonitorName, scope: string): Promise<boolean> {
  const { writer, endpoint } = toWriterRoles(monitor);
  const home = `/subscriptions/${monitor.home}`;
  const writers = await findRoles(arm, scope, (roleName) => roleName === writer.roleName);
  const endpoints = await findRoles(arm, home, (roleName) => roleName === endpoint.roleName);
  for (const { guid } of writers) await unassignRole(arm, scope, guid);
  for (const { guid } of endpoints) await unassignBelow(arm, home, guid);
  const there = await arm.list(`${scope}/${assignments}`, 'atExactScope()');
  const ours = there.filter(({ name = '', properties }) => isOurs(name, properties, monitor));
  for (const { name } of ours) {
    await arm.remove(`${scope}/${assignments}/${name}`);
    await arm.remove(`${scope}/${definitions}/${name}`);
  }
  for (const role of writers) await deleteRole(arm, scope, role);
  for (const role of endpoints) await deleteRole(arm, home, role);
  return ours.length > 0;
}

/** It tells the function of this monitor. */
function isOurs(name: string, properties: unknown, { groupId }: MonitorName): boolean {
  const { parameters } = (properties ?? {}) as { parameters?: { functionId?: { value?: unknown } } };
  const functionId = String(parameters?.functionId?.value).toLowerCase();
  return name.startsWith('acr-cmk-') && functionId.startsWith(`${groupId.toLowerCase()}/`);
}
