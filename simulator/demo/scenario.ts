import { style } from '../../src/cli/table.ts';
import type { RegistrySummary } from '../../src/monitor/answers/queries.ts';
import type { FunctionsHost } from '../host/functions-host.ts';
import { newRegistry, toWriteEvent } from './new-registry-event.ts';
import { readPosture, toPostureSummary, toPostureTable } from './posture-table.ts';
import type { Simulation } from './simulation.ts';
import type { Terminal } from './terminal.ts';

/** How long the alert of an event may take before the demonstration gives up, in milliseconds. */
const patience = 30_000;

/** Sweeps once and shows the posture of all registries. */
export async function showFirstSweep(host: FunctionsHost, terminal: Terminal): Promise<RegistrySummary[]> {
  const started = performance.now();
  await host.runTimer('sweep');
  const registries = await readPosture((cursor) =>
    getJson(host, `/api/registries?limit=1000${cursor ? `&cursor=${cursor}` : ''}`),
  );
  terminal.say(toPostureTable(registries));
  terminal.say();
  terminal.say(style('bold', `${toPostureSummary(registries)} (first sweep: ${seconds(started)})`));
  const { dueAssessments } = await getJson<{ dueAssessments: number }>(host, '/api/health');
  if (dueAssessments > 0)
    terminal.say(
      `Not judged yet and due again: ${dueAssessments} (being created or changed, or a read failed).`,
    );
  return registries;
}

/** Creates a registry without a customer-managed key, sends its event, and waits for the alert. */
export async function showNewRegistry(
  host: FunctionsHost,
  { tenant, receiver }: Simulation,
  { registries, terminal }: { registries: readonly RegistrySummary[]; terminal: Terminal },
): Promise<void> {
  const [known] = registries;
  const subscriptionId = known?.subscriptionId ?? '00000000-0000-0000-0000-000000000000';
  const body = newRegistry(subscriptionId);
  tenant.put(body);
  terminal.say();
  terminal.say(
    `Someone creates ${style('bold', body.name ?? '')} without a customer-managed key; Azure sends its event ...`,
  );
  const started = performance.now();
  const alert = waitForAlert(receiver, body.id);
  const response = await fetch(`${host.url}/runtime/webhooks/eventgrid?functionName=resourceChanged`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
    body: JSON.stringify([toWriteEvent(body)]),
  });
  if (!response.ok) throw new Error(`The event was answered with HTTP ${response.status}`);
  const { delivery, receivedAt } = await alert;
  terminal.say(
    style(
      'bold',
      `Alert ${seconds(started, receivedAt)} after the event, signature ${delivery.valid ? 'valid' : 'NOT valid'}:`,
    ),
  );
  terminal.say(JSON.stringify(delivery.body, null, 2));
}

async function waitForAlert(receiver: Simulation['receiver'], registryId: string) {
  const deadline = performance.now() + patience;
  for (;;) {
    const timer = Promise.withResolvers<never>();
    const timeout = setTimeout(
      () => timer.reject(new Error('No alert arrived: is ALERT_MIN_SEVERITY set above "high"?')),
      deadline - performance.now(),
    );
    const delivery = await Promise.race([receiver.next(), timer.promise]).finally(() =>
      clearTimeout(timeout),
    );
    const { registry } = delivery.body as { registry?: { id: string } };
    if (registry?.id.toLowerCase() === registryId.toLowerCase())
      return { delivery, receivedAt: performance.now() };
  }
}

async function getJson<T>(host: FunctionsHost, path: string): Promise<T> {
  const response = await fetch(host.url + path, { headers: { 'x-functions-key': host.functionKey } });
  return (await response.json()) as T;
}

function seconds(from: number, to = performance.now()): string {
  return `${((to - from) / 1000).toFixed(to - from < 1000 ? 3 : 1)} s`;
}
