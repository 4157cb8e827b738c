import pMap from 'p-map';
import type { Arm } from './arm.ts';
import { awaitFunction, awaitSecrets } from './await-app.ts';
import { disconnectSubscription, shrinkReader } from './disconnect.ts';
import { assignEventPolicy } from './event-policy.ts';
import { findTopic, isOwnTopic, subscribeEvents } from './events.ts';
import { assignGuardrails, type GuardrailEffect } from './guardrails.ts';
import { findMonitor, type MonitorName, type MonitorPlace } from './monitor-place.ts';
import type { Wait } from './patiently.ts';
import type { Progress } from './progress.ts';
import { findReader, grantGroup, grantSubscriptions } from './reader-role.ts';
import { type Scope, subscriptionsBelow, toGroupScope } from './scope.ts';

/** What is connected, and how. */
export interface ConnectOptions {
  arm: Arm;
  monitor: MonitorName;
  scope: Scope;
  guardrails: GuardrailEffect;
  /** Ids of scopes that the guardrails leave alone. */
  guardrailExemptions: readonly string[];
  /** Read actions beside those of the list. */
  additionalActions: readonly string[];
  progress: Progress;
  wait?: Wait | undefined;
}

/** Subscriptions that are seen to at once. */
const concurrency = 8;

/**
 * Connects a monitor with what it watches: its right to read first, then guardrails, then events, and last what new
 * subscriptions get. Each subscription stands for itself; what could not be done is done by the next run.
 */
export async function connect(options: ConnectOptions): Promise<void> {
  const { arm, scope, progress, wait } = options;
  const monitor = await progress.attempt('find the monitor', () => findMonitor(arm, options.monitor));
  if (!monitor) return;
  const grant = { ...options, monitor };
  if (scope.kind === 'group') await grantGroup(grant, scope.group);
  const watched = await progress.attempt('find what is watched', () => toWatched(arm, scope, monitor));
  if (!watched) return;
  if (scope.kind === 'list') {
    await progress.attempt('give the right to read', () => grantSubscriptions(grant, watched));
  }
  await dropOthers(options, monitor, watched);
  await setGuardrails(options, monitor, watched);
  await progress.attempt('wait for the secrets of the app', () => awaitSecrets(arm, monitor, wait));
  const isThere = await progress.attempt('wait for the function', () => awaitFunction(arm, monitor, wait));
  if (!isThere) return;
  await pMap(
    watched,
    (id) =>
      progress.attempt(`subscribe to the events of ${id}`, () => subscribeEvents(arm, monitor, id, wait)),
    { concurrency },
  );
  if (scope.kind === 'group') await assignPolicy(options, monitor, watched);
}

async function toWatched(arm: Arm, scope: Scope, { home }: MonitorPlace): Promise<string[]> {
  if (scope.kind === 'group') return await subscriptionsBelow(arm, scope.group);
  return scope.subscriptions.length > 0 ? scope.subscriptions : [home];
}

/** What was watched before by a list, and is not any more. */
async function dropOthers(
  { arm, scope, progress }: ConnectOptions,
  monitor: MonitorPlace,
  watched: readonly string[],
): Promise<void> {
  const role = await progress.attempt('find what was watched before', () => findReader(arm, monitor));
  if (!role) return;
  const home = `/subscriptions/${monitor.home}`;
  const before = new Set([home, ...role.assignableScopes].map((one) => one.slice('/subscriptions/'.length)));
  const dropped = [...before].filter((id) => !watched.includes(id));
  const isListed = scope.kind === 'list';
  const gone: string[] = [];
  for (const id of isListed ? dropped : before) {
    const keepsEvents = watched.includes(id);
    const isOut = await disconnectSubscription({ arm, monitor, progress }, id, {
      role,
      hash: monitor.hash,
      keepsEvents,
    });
    if (isOut) gone.push(id);
  }
  await shrinkReader({ arm, monitor, progress }, role, { gone, isKept: isListed });
}

async function setGuardrails(
  { arm, scope, progress, guardrails, guardrailExemptions }: ConnectOptions,
  monitor: MonitorPlace,
  watched: readonly string[],
): Promise<void> {
  if (guardrails === 'Off') return;
  const scopes =
    scope.kind === 'group' ? [toGroupScope(scope.group)] : watched.map((id) => `/subscriptions/${id}`);
  for (const one of scopes) {
    const wanted = { scope: one, effect: guardrails, exemptions: guardrailExemptions };
    await progress.attempt(`assign the guardrails (${guardrails}) at ${one}`, () =>
      assignGuardrails(arm, monitor, wanted),
    );
  }
}

/** The policy leaves alone what has a topic of its own: there the next run joins it. */
async function assignPolicy(
  { arm, scope, progress, wait }: ConnectOptions,
  monitor: MonitorPlace,
  watched: readonly string[],
): Promise<void> {
  if (scope.kind !== 'group') return;
  await progress.attempt(`give new subscriptions below ${scope.group} their events`, async () => {
    const withTopic = await pMap(
      watched,
      async (id) => {
        const topic = await findTopic(arm, id).catch(() => undefined);
        return topic && !isOwnTopic(topic, monitor, monitor.hash) ? [`/subscriptions/${id}`] : [];
      },
      { concurrency },
    );
    const wanted = { scope: toGroupScope(scope.group), exemptions: withTopic.flat() };
    return await assignEventPolicy(arm, monitor, wanted, wait);
  });
}
