import { createSink } from './alerts/sinks.ts';
import { connectAzure } from './azure/connect.ts';
import { createCredential, createIdentityCredential } from './azure/credential.ts';
import { readIdentity } from './azure/identity.ts';
import { clouds } from './domain/estate/cloud.ts';
import { keepHeapSmall } from './memory.ts';
import { createMonitor, type Monitor } from './monitor/monitor.ts';
import { type Config, toInterval } from './settings/config.ts';
import { parseSchedule } from './settings/schedule.ts';
import { createTableStore } from './store/table-store.ts';

/** Time that a sweep may be late before the monitor counts as stale, in seconds. */
const grace = 600;

/** Builds the monitor on Azure, Table Storage and the webhook; `sinkFaults` say why sinks are switched off. */
export function createApp(config: Config, sinkFaults: readonly string[] = []): Monitor {
  keepHeapSmall();
  const now = () => new Date();
  const cloud = clouds[config.cloud];
  const credential = createCredential(config.cloud, config.clientId);
  const { azure, graph, setup } = connectAzure({
    endpoint: config.armEndpoint ?? cloud.armEndpoint,
    scope: cloud.armScope,
    cloud: config.cloud,
    concurrency: config.concurrency,
    credential,
    now,
  });
  const store = createTableStore(
    'connectionString' in config.store
      ? config.store
      : {
          tableServiceUri: config.store.tableServiceUri,
          credential: config.store.clientId ? createIdentityCredential(config.store.clientId) : credential,
        },
  );
  const ports = {
    azure,
    setup,
    inventory: config.inventory === 'graph' ? graph : undefined,
    whoAmI: () => readIdentity(credential, cloud.armScope),
    store,
    sinks: config.sinks.map((sink) => createSink({ ...sink, now })),
    now,
  };
  return createMonitor(ports, {
    cloud: config.cloud,
    scope: { subscriptionIds: config.subscriptionIds, managementGroup: config.managementGroup },
    rules: config.rules,
    sweepTimeout: config.sweepTimeout,
    reassessDays: config.reassessDays,
    retrySchedule: config.retrySchedule,
    staleAfter: toStaleAfter(config.sweepSchedule),
    nextSweep: parseSchedule(config.sweepSchedule).next,
    sinkFaults,
  });
}

/** Seconds after which a sweep is overdue: two intervals of its schedule and some grace. */
function toStaleAfter(schedule: string): number {
  return Math.round((2 * toInterval(schedule)) / 1000) + grace;
}
