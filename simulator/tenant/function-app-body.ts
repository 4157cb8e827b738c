import type { ArmBody } from './tenant-contents.ts';

/** What a function app's body is built from. */
export interface FunctionAppOptions {
  /** `/subscriptions/ID` */
  subscription: string;
  group: string;
  name: string;
  location?: string;
  /** Instances that are kept ready, by `function:NAME` or the name of a group; null: an app of another plan than Flex Consumption */
  alwaysReady?: Record<string, number> | null;
}

/** Builds a function app's body in the shape of api version 2024-11-01. */
export function functionAppBody(options: FunctionAppOptions): ArmBody {
  const { subscription, group, name, location = 'West Europe' } = options;
  const { alwaysReady = { 'function:resourceChanged': 1 } } = options;
  return {
    id: `${subscription}/resourceGroups/${group}/providers/Microsoft.Web/sites/${name}`,
    name,
    type: 'Microsoft.Web/sites',
    kind: 'functionapp,linux',
    location,
    tags: { application: 'acr-cmk-monitor' },
    properties: {
      name,
      state: 'Running',
      defaultHostName: `${name}.azurewebsites.net`,
      httpsOnly: true,
      sku: alwaysReady ? 'FlexConsumption' : 'ElasticPremium',
      functionAppConfig: alwaysReady && toAppConfig(alwaysReady),
    },
  };
}

function toAppConfig(alwaysReady: Record<string, number>) {
  return {
    deployment: { storage: { type: 'blobcontainer' } },
    runtime: { name: 'node', version: '24' },
    scaleAndConcurrency: {
      alwaysReady: Object.entries(alwaysReady).map(([name, instanceCount]) => ({ name, instanceCount })),
      maximumInstanceCount: 40,
      instanceMemoryMB: 2048,
      triggers: null,
    },
  };
}

/** The id of the monitor's function that hears of changes, in an app. */
export function toEventFunctionId({ id }: Pick<ArmBody, 'id'>): string {
  return `${id}/functions/resourceChanged`;
}
