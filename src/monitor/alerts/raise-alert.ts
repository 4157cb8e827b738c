import {
  type Alert,
  type AlertMessage,
  type CoverageMessage,
  isRouted,
  type Route,
  toAlerting,
  toMessageId,
} from '../../domain/record/alert.ts';
import type { RegistryRecord, Transition } from '../../domain/record/finding.ts';
import { findRule } from '../../rules/catalog.ts';

/** How long the one who raises an alert has for its first delivery, in milliseconds. */
export const leaseTime = 60_000;

/** The alerts of one assessment's transitions, one for each route that they concern. */
export function raiseRegistryAlerts(
  registry: RegistryRecord,
  transitions: readonly Transition[],
  { routes, sweep, now }: { routes: readonly Route[]; sweep: string | undefined; now: Date },
): Alert[] {
  const lease = new Date(now.getTime() + leaseTime).toISOString();
  return routes.flatMap((route): Alert[] => {
    const { subscriptionId, registryId, revision, createdAt } = registry;
    const alerting = toAlerting(transitions, subscriptionId, route);
    if (alerting.length === 0) return [];
    const id = toMessageId(registryId.toLowerCase(), createdAt ?? '', revision, route.name);
    return [
      {
        id,
        status: 'pending',
        sink: route.name,
        subscriptionId,
        registryId,
        revision,
        // A sweep sends its alerts together at its end; any other assessment holds the lease and sends at once.
        ...(sweep ? { sweep, due: lease } : { due: now.toISOString(), leasedUntil: lease }),
        attempts: 0,
        payload: toMessage(id, registry, alerting),
      },
    ];
  });
}

/** A subscription that was read before and is not seen any more. */
export interface LostSubscription {
  subscriptionId: string;
  /** Since when it had been read, ISO 8601, UTC. */
  readSince: string;
  /** When it was missed, ISO 8601, UTC. */
  at: string;
  sweep: string;
}

/** How bad it is to lose sight of a subscription. */
const lossSeverity = 'high';

/** The alerts that a subscription went out of sight, one for each route; repeated, they have the same ids. */
export function raiseCoverageAlerts(lost: LostSubscription, routes: readonly Route[]): Alert[] {
  const { subscriptionId, readSince, at, sweep } = lost;
  return routes
    .filter((route) => isRouted({ severity: lossSeverity, subscriptionId }, route))
    .map(({ name: sink }) => {
      const id = toMessageId('coverage.subscription.lost', subscriptionId, readSince, sink);
      const payload: CoverageMessage = {
        type: 'coverage.subscription.lost',
        id,
        time: at,
        source: 'sweep',
        sweep,
        severity: lossSeverity,
        title: 'A subscription that was watched is not in sight any more',
        remedy: `Give the monitor its role on the subscription again. If the subscription is gone for good, close what was open on it: "acr-cmk forget ${subscriptionId}".`,
        subscription: { id: subscriptionId, readSince },
      };
      return { id, status: 'pending', sink, subscriptionId, sweep, attempts: 0, due: at, payload };
    });
}

function toMessage(id: string, registry: RegistryRecord, transitions: readonly Transition[]): AlertMessage {
  const { registryId, name, subscriptionId, resourceGroup, location, source, assessedAt } = registry;
  return {
    type: 'registry.findings.changed',
    id,
    time: assessedAt,
    source,
    registry: { id: registryId, name, subscriptionId, resourceGroup, location },
    transitions: transitions.map(({ rule, severity, transition, reason }) => ({
      rule,
      severity,
      transition,
      reason,
      title: findRule(rule)?.title ?? rule,
      remedy: findRule(rule)?.remedy ?? '',
      since: assessedAt,
    })),
  };
}
