import { openMonitor } from '../../src/cli/context.ts';
import { sortFindings, toFindingsText } from '../../src/cli/findings-text.ts';
import { invocation } from '../../src/cli/invocation.ts';
import { style } from '../../src/cli/output.ts';
import { toPostureSum } from '../../src/cli/posture-sum.ts';
import { readAll } from '../../src/cli/read-all.ts';
import { readStanding } from '../../src/cli/standing.ts';
import { terminalWidth, wrap } from '../../src/cli/terminal-text.ts';
import type { FunctionsHost } from '../host/functions-host.ts';
import { newRegistry, toWriteEvent } from './new-registry-event.ts';
import type { Simulation } from './simulation.ts';
import type { Terminal } from './terminal.ts';

/** How long the alert of an event may take before the demonstration gives up, in milliseconds. */
const patience = 30_000;

/** Findings that are shown of the first sweep. */
const shownFindings = 12;

/** What the first sweep showed. */
export interface FirstSweep {
  /** Name of the registry with the worst finding. */
  worst: string | undefined;
  /** Name of one whose key holder can be looked at. */
  withKey: string | undefined;
  /** A subscription in which something can be created. */
  subscriptionId: string | undefined;
}

/** Sweeps once and shows what is wrong, what is not known, and how it all adds up. */
export async function showFirstSweep(terminal: Terminal, host: FunctionsHost): Promise<FirstSweep> {
  const started = performance.now();
  terminal.say(style('dim', 'First sweep: reading the lists of subscriptions and registries ...'));
  await host.runTimer('sweep');
  const took = seconds(started);
  const monitor = await openMonitor();
  const { queries } = monitor;
  const [{ doubts, ...standing }, registries, findings] = await Promise.all([
    readStanding(monitor),
    readAll((page) => queries.registries({}, page)),
    readAll((page) => queries.findings({ status: ['open'] }, page)),
  ]);
  const sorted = sortFindings(findings, 'severity');
  terminal.say();
  if (sorted.length > 0) {
    terminal.say(toFindingsText(sorted.slice(0, shownFindings), sorted));
    const more = sorted.length - shownFindings;
    if (more > 0) terminal.say(style('dim', `... and ${more} more: ${invocation} findings --all`));
    terminal.say();
  }
  const sum = `${toPostureSum(registries, standing)} (first sweep: ${took})`;
  for (const line of wrap(sum, terminalWidth())) terminal.say(style('bold', line));
  for (const doubt of doubts)
    for (const line of wrap(`Not known: ${doubt}`, terminalWidth())) terminal.say(style('yellow', line));
  return {
    worst: sorted[0]?.name,
    withKey: registries.find(({ verdicts }) => verdicts.kv_missing?.outcome === 'pass')?.name,
    subscriptionId: registries[0]?.subscriptionId,
  };
}

/** Creates a registry without a customer-managed key, sends its event, and waits for the alert. */
export async function showNewRegistry(
  host: FunctionsHost,
  { tenant, receiver }: Simulation,
  {
    subscriptionId = '00000000-0000-0000-0000-000000000000',
    terminal,
  }: { subscriptionId: string | undefined; terminal: Terminal },
): Promise<void> {
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

function seconds(from: number, to = performance.now()): string {
  return `${((to - from) / 1000).toFixed(to - from < 1000 ? 3 : 1)} s`;
}
