import { createHash } from 'node:crypto';
import type { Source, Transition } from './finding.ts';
import { isAtLeast, type Severity } from './verdict.ts';

/** A transition as an alert tells it. */
interface AlertTransition {
  rule: string;
  severity: Severity;
  transition: Transition['transition'];
  reason: string;
  title: string;
  remedy: string;
  /** Since when the finding has its new status, ISO 8601, UTC. */
  since: string;
}

/** The registry that an alert speaks of. */
interface AlertRegistry {
  id: string;
  name: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
}

/** The message about one assessment's transitions: the contract's format `generic`. */
export interface AlertMessage {
  type: 'registry.findings.changed';
  /** Same as the header `webhook-id`; the same on every repeat. */
  id: string;
  time: string;
  source: Source;
  registry: AlertRegistry;
  transitions: AlertTransition[];
}

/** Several alerts of one sweep in one message. */
export interface RoundUpMessage {
  type: 'sweep.findings.changed';
  id: string;
  time: string;
  source: 'sweep';
  sweep: string;
  /** How many registries changed, and how many of them are told of below: the message stays under 20 kB. */
  registries: number;
  omitted: number;
  /** Transitions of all registries, counted by rule. */
  counts: {
    rule: string;
    severity: Severity;
    title: string;
    remedy?: string;
    transition: string;
    count: number;
  }[];
  items: {
    registry: AlertRegistry;
    transitions: Pick<AlertTransition, 'rule' | 'severity' | 'transition' | 'reason' | 'since'>[];
  }[];
}

/** A subscription that was read before is not seen any more. */
export interface CoverageMessage {
  type: 'coverage.subscription.lost';
  id: string;
  time: string;
  source: 'sweep';
  sweep: string;
  severity: Severity;
  title: string;
  remedy: string;
  subscription: {
    id: string;
    /** Since when it had been read, ISO 8601, UTC. */
    readSince: string;
  };
}

/** A message that says nothing but that messages arrive. */
interface TestMessage {
  type: 'monitor.test';
  id: string;
  time: string;
  title: string;
}

/** What is sent to a sink. */
export type Message = AlertMessage | CoverageMessage | RoundUpMessage | TestMessage;

/** An alert that is written down until it was delivered. */
export interface Alert {
  id: string;
  status: 'pending' | 'dead';
  sink: string;
  subscriptionId: string;
  /** Registry and its revision; absent when the alert is about the whole subscription. */
  registryId?: string;
  revision?: number;
  /** Sweep whose assessment raised it. */
  sweep?: string;
  attempts: number;
  /** When it is to be sent next, ISO 8601, UTC. */
  due: string;
  /** Until when somebody is sending it. */
  leasedUntil?: string;
  lastError?: string;
  /** Message that it was sent in together with others; the row calls it `digest`. */
  roundUp?: string;
  payload: AlertMessage | CoverageMessage;
}

const alerting = new Set<Transition['transition']>(['opened', 'reopened', 'resolved', 'closed']);

/** What goes to a sink. */
export interface Route {
  /** Name of the sink. */
  name: string;
  minSeverity: Severity;
  /** Ids of the rules that it wants to hear of; all where there are none. */
  rules?: readonly string[] | undefined;
  /** Subscriptions that it wants to hear of, ids in lower case; all where there are none. */
  subscriptions?: readonly string[] | undefined;
}

/** Whether something of a severity, in a subscription and perhaps of a rule, goes a route. */
export function isRouted(
  { severity, subscriptionId, rule }: { severity: Severity; subscriptionId: string; rule?: string },
  { minSeverity, rules, subscriptions }: Route,
): boolean {
  return (
    isAtLeast(severity, minSeverity) &&
    (rule === undefined || !rules || rules.includes(rule)) &&
    (!subscriptions || subscriptions.includes(subscriptionId.toLowerCase()))
  );
}

/** The transitions on a registry of a subscription that are worth an alert on a route. */
export function toAlerting(
  transitions: readonly Transition[],
  subscriptionId: string,
  route: Route,
): Transition[] {
  return transitions.filter(
    ({ transition, severity, rule }) =>
      alerting.has(transition) && isRouted({ severity, subscriptionId, rule }, route),
  );
}

/** A message id that is the same whenever the same thing is told. */
export function toMessageId(...parts: readonly (string | number)[]): string {
  return `msg_${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)}`;
}
