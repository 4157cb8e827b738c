import { eventSubscriptionBody, subscribedBodies } from '../../../simulator/tenant/event-body.ts';
import { functionAppBody, toEventFunctionId } from '../../../simulator/tenant/function-app-body.ts';
import type { SimulatedTenantOptions } from '../../../simulator/tenant/simulated-tenant.ts';
import { subscriptionBody } from '../../../simulator/tenant/subscription-body.ts';
import type { ArmBody, TenantContents } from '../../../simulator/tenant/tenant-contents.ts';
import { createSink } from '../../../src/alerts/sinks.ts';
import { connectAzure } from '../../../src/azure/connect.ts';
import { readIdentity } from '../../../src/azure/identity.ts';
import type { Check } from '../../../src/monitor/doctor/check.ts';
import { createMonitor } from '../../../src/monitor/monitor.ts';
import type { Ports, Scope } from '../../../src/monitor/ports/monitor-ports.ts';

import { silentLog } from '../../azure/arm/arm-fixture.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';
import { startForTest, subscription, tenantId } from '../../simulator/tenant/tenant-clients.ts';
import { otherSubscription } from '../bodies.ts';

/** Secrets of the set-up: no check may ever tell them. */
export const secrets = {
  url: 'https://127.0.0.1:9/hooks/t0p-secret',
  signing: `whsec_${Buffer.from('a secret of sixteen bytes or more').toString('base64')}`,
  token: ['e30', toPart({ oid: 'object-1', tid: tenantId, appid: 'client-1', sig: 't0ken-part' }), 'x'].join(
    '.',
  ),
};

function toPart(claims: Record<string, string>): string {
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}

export const app = functionAppBody({ subscription, group: 'rg-monitor', name: 'func-monitor' });
export const functionId = toEventFunctionId(app);

/** All that a good set-up has in its tenant: two subscriptions, one with a topic of ours, one subscribed by itself. */
export const goodResources: ArmBody[] = [
  app,
  ...subscribedBodies(subscription, functionId),
  eventSubscriptionBody({ scope: otherSubscription, functionId }),
];

/** A set-up to examine. */
export interface SetupOptions extends Partial<TenantContents> {
  ports?: Partial<Ports>;
  /** What is watched (all). */
  watched?: Scope;
  inventory?: 'graph' | 'arm';
  tenantOptions?: Partial<SimulatedTenantOptions>;
  isAlertTested?: boolean;
}

/** Starts a tenant and a doctor for it, for one test: all is well unless the options say otherwise. */
export async function startSetup(options: SetupOptions = {}) {
  const {
    ports,
    watched = { subscriptionIds: [] },
    inventory = 'graph',
    tenantOptions,
    isAlertTested = true,
    ...contents
  } = options;
  const { tenant } = await startForTest(
    {
      subscriptions: [
        subscriptionBody(subscription, 'Production', tenantId),
        subscriptionBody(otherSubscription, 'Other', tenantId),
      ],
      hiddenSubscriptions: [],
      resources: goodResources,
      ...contents,
    },
    tenantOptions,
  );
  const credential = {
    getToken: async () => ({ token: secrets.token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const scope = 'https://management.azure.com/.default';
  const now = () => new Date('2026-08-01T10:00:00.000Z');
  const { azure, graph, setup } = connectAzure({
    endpoint: tenant.armEndpoint,
    scope,
    cloud: 'AzureCloud',
    concurrency: 50,
    credential,
    now,
  });
  const store = createMemoryStore();
  const all: Ports = {
    azure,
    setup,
    inventory: inventory === 'graph' ? graph : undefined,
    store,
    sinks: [{ name: 'inbox', minSeverity: 'low', deliver: async () => ({ state: 'delivered' }) }],
    whoAmI: () => readIdentity(credential, scope),
    now,
    ...ports,
  };
  const monitor = createMonitor(all, {
    cloud: 'AzureCloud',
    scope: watched,
    rules: {},
    sweepTimeout: 30_000,
    reassessDays: 7,
    retrySchedule: [],
    staleAfter: 7_800,
    nextSweep: () => undefined,
    sinkFaults: [],
  });
  const examine = () => Array.fromAsync(monitor.examine({ log: silentLog, isAlertTested }));
  return {
    tenant,
    store,
    /** All checks, in their order. */
    examine,
    /** The check of one name. */
    check: async (name: string): Promise<Check | undefined> =>
      (await examine()).find((one) => one.name === name),
  };
}

/** A sink whose address nobody answers at. */
export function unreachableSink() {
  const { url, signing } = secrets;
  return createSink({ name: 'webhook', url, secret: signing, minSeverity: 'low', now: () => new Date() });
}
