import type { Arm } from './arm.ts';
import { ArmFailure } from './arm-failure.ts';

/** Which monitor it is: what is known of it also when it is not there any more. */
export interface MonitorName {
  /** Id of the subscription that it is deployed in, in lower case. */
  home: string;
  /** Name of its environment. */
  environment: string;
  /** Id of its resource group. */
  groupId: string;
}

/** A monitor that is deployed, and what subscriptions are connected to. */
export interface MonitorPlace extends MonitorName {
  location: string;
  /** What its names end in, made by the deployment. */
  hash: string;
  appId: string;
  /** Id of the function that is told of changes. */
  functionId: string;
  readerPrincipalId: string;
  eventIdentityId: string;
  deadLetterAccountId: string;
  workspaceId: string;
}

/** The tag by which what a monitor made elsewhere is known for its own. */
export const monitorTag = 'acr-cmk-monitor';

/** Names a monitor by its subscription and resource group. */
export function nameMonitor(subscriptionId: string, resourceGroup: string): MonitorName {
  const home = subscriptionId.toLowerCase();
  return {
    home,
    environment: resourceGroup.replace(/^rg-/i, ''),
    groupId: `/subscriptions/${home}/resourceGroups/${resourceGroup}`,
  };
}

/** What ends the names of its roles and the notes on its policies, so that each monitor knows its own. */
export function toSignature({ environment, home }: MonitorName): string {
  return `${environment}, ${home.slice(0, 8)}`;
}

/** Tags of what a monitor makes in other subscriptions. */
export function toTags(monitor: MonitorName): Record<string, string> {
  return {
    application: 'acr-cmk-monitor',
    environment: monitor.environment,
    [monitorTag]: monitor.groupId.toLowerCase(),
  };
}

/** Finds a monitor that main.bicep has deployed. */
export async function findMonitor(arm: Arm, monitor: MonitorName): Promise<MonitorPlace> {
  const group = await arm.get(monitor.groupId);
  const apps = group ? await arm.list(`${monitor.groupId}/providers/Microsoft.Web/sites`) : [];
  const app = apps.find(({ name }) => /^func-\w+$/.test(name ?? ''));
  if (!group || !app?.name) {
    throw new ArmFailure(
      `there is no monitor in ${monitor.groupId}: deploy infra/main.bicep first, or name its resource group`,
    );
  }
  const hash = app.name.slice('func-'.length);
  const providers = `${monitor.groupId}/providers`;
  const identities = `${providers}/Microsoft.ManagedIdentity/userAssignedIdentities`;
  const reader = await arm.get(`${identities}/id-${hash}`);
  const readerPrincipalId = reader?.properties?.principalId;
  if (typeof readerPrincipalId !== 'string') {
    throw new ArmFailure(
      `the identity id-${hash} is missing in ${monitor.groupId}: deploy infra/main.bicep again`,
    );
  }
  const appId = `${providers}/Microsoft.Web/sites/${app.name}`;
  return {
    ...monitor,
    location: group.location ?? 'global',
    hash,
    appId,
    functionId: `${appId}/functions/resourceChanged`,
    readerPrincipalId,
    eventIdentityId: `${identities}/id-events-${hash}`,
    deadLetterAccountId: `${providers}/Microsoft.Storage/storageAccounts/stdl${hash}`,
    workspaceId: `${providers}/Microsoft.OperationalInsights/workspaces/log-${hash}`,
  };
}
