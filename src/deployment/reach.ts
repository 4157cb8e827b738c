import { createCredential } from '../azure/credential.ts';
import { clouds } from '../domain/estate/cloud.ts';
import { type Config, readConfig } from '../settings/config.ts';
import { type Arm, connectArm } from './arm.ts';
import type { Scope } from './scope.ts';

/** Settings that say where Azure is and what is watched: those of the app, read as the app reads them. */
const names = ['AZURE_CLOUD', 'ARM_ENDPOINT', 'SUBSCRIPTION_IDS', 'MANAGEMENT_GROUP_ID'];

/** Where Azure is, and what is watched there. */
export interface Reach {
  arm: Arm;
  scope: Scope;
}

/** Reads both from the environment; connects as whoever is signed in to azd, the Azure CLI or by the environment. */
export function readReach(env: NodeJS.ProcessEnv): Reach {
  const given = Object.fromEntries(names.map((name) => [name, env[name]]));
  // No store is opened here, but the app's settings can't do without one.
  const config = readConfig({ ...given, FindingsStorage__tableServiceUri: 'https://store.invalid' });
  const cloud = clouds[config.cloud];
  const arm = connectArm({
    endpoint: config.armEndpoint ?? cloud.armEndpoint,
    scope: cloud.armScope,
    credential: createCredential(config.cloud),
  });
  return { arm, scope: toScope(config) };
}

function toScope({ managementGroup, subscriptionIds }: Config): Scope {
  if (managementGroup) return { kind: 'group', group: managementGroup };
  return { kind: 'list', subscriptions: [...new Set(subscriptionIds.map((id) => id.toLowerCase()))] };
}
