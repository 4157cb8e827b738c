import * as z from 'zod';
import { findingStatuses } from '../../domain/record/finding.ts';
import { outcomes, severities } from '../../domain/record/verdict.ts';
import { subscriptionStates } from '../../monitor/ports/ports.ts';
import { catalog } from '../../rules/catalog.ts';
import { describeRule } from '../../rules/rule-description.ts';
import { type Endpoint, endpoint, list } from './endpoint.ts';
import { readHealth } from './health.ts';
import { Problem, toFound } from './problem.ts';
import { registryReference, ruleId, single, some, subscriptionId } from './query.ts';
import * as shapes from './shapes.ts';

const registry = 'registries/{subscription}/{resourceGroup}/{name}';

/** All that the API answers, each as `/api/` and its route. */
export const endpoints: readonly Endpoint[] = [
  list({
    name: 'getFindings',
    route: 'findings',
    summary: 'Findings, of all registries or of those that the filters leave.',
    filters: {
      status: some(z.enum(findingStatuses)),
      severity: some(z.enum(severities)),
      rule: some(ruleId),
      subscription: some(subscriptionId),
      registry: some(registryReference),
    },
    item: shapes.Finding,
    items: ({ monitor }, filter, page) => monitor().queries.findings(filter, page),
  }),
  list({
    name: 'getRegistries',
    route: 'registries',
    summary: 'Registries with their verdicts in short.',
    filters: { subscription: some(subscriptionId), outcome: some(z.enum(outcomes)) },
    item: shapes.RegistrySummary,
    items: ({ monitor }, filter, page) => monitor().queries.registries(filter, page),
  }),
  endpoint({
    name: 'getRegistry',
    route: registry,
    summary: 'A registry with its verdicts and what each rests on.',
    answers: shapes.Registry,
    async answer({ registry, monitor }) {
      const id = registry();
      const found = await monitor().queries.registry(id);
      if (!found) throw neverAssessed(id.name);
      return found;
    },
  }),
  list({
    name: 'getHistory',
    route: `${registry}/history`,
    summary: 'What changed on a registry, newest first.',
    item: shapes.HistoryEntry,
    async items({ registry, monitor }, _filter, page) {
      const id = registry();
      const { queries } = monitor();
      if (!(await queries.registry(id))) throw neverAssessed(id.name);
      return queries.history(id, page);
    },
  }),
  endpoint({
    name: 'getCustody',
    route: `${registry}/custody`,
    summary:
      'Who can unwrap with the key of a registry, change its key holder’s access, and manage the registry.',
    answers: shapes.Custody,
    async answer({ registry, monitor, start }) {
      const id = registry();
      const answer = toFound(await monitor().custody(id, start), id);
      if (answer.state === 'noKey') {
        throw new Problem(
          409,
          'No key',
          `Registry ${id.name} has no key that could be looked at (${answer.reason})`,
        );
      }
      return answer.custody;
    },
  }),
  endpoint({
    name: 'getRemedy',
    route: `${registry}/remedy`,
    summary: 'How to mend what fails on a registry, as Azure shows it now.',
    query: z.strictObject({ rule: some(ruleId) }),
    answers: z.strictObject({ registryId: z.string(), items: z.array(shapes.Remedy) }),
    async answer({ query, registry, monitor, start }) {
      const id = registry();
      const { items } = toFound(await monitor().remedies(id, query.rule ?? [], start), id);
      return { registryId: id.id, items };
    },
  }),
  endpoint({
    name: 'getBlastRadius',
    route: 'blast-radius',
    summary: 'Which registries lose their images with a vault, Managed HSM or key.',
    query: z.strictObject({
      of: single.transform((text) => text.trim()).refine(Boolean, 'must not be empty'),
    }),
    answers: z.strictObject({
      items: z.array(shapes.BlastRadius),
      notKnown: z.array(shapes.Reason).optional(),
    }),
    async answer({ query, monitor, start }) {
      const items = await monitor().blastRadius(query.of, start);
      return items.length > 0 ? { items } : { items, notKnown: [nothingHangsOn(query.of)] };
    },
  }),
  list({
    name: 'getSweeps',
    route: 'sweeps',
    summary: 'Sweeps, newest first.',
    item: shapes.Sweep,
    items: ({ monitor }, _filter, page) => monitor().queries.sweeps(page),
  }),
  list({
    name: 'getCoverage',
    route: 'coverage',
    summary: 'Subscriptions, and what sweeps could read of them.',
    filters: { state: some(z.enum(subscriptionStates)) },
    item: shapes.Subscription,
    items: ({ monitor }, { state = [] }, page) => monitor().queries.coverage(state, page),
  }),
  list({
    name: 'getExceptions',
    route: 'coverage/exceptions',
    summary: 'What the last sweep could not confirm.',
    item: shapes.SweepException,
    items: ({ monitor }, _filter, page) => monitor().queries.exceptions(page),
  }),
  endpoint({
    name: 'getRules',
    route: 'rules',
    summary: 'All rules in words.',
    answers: z.strictObject({ items: z.array(shapes.Rule) }),
    answer: () => ({ items: catalog.map(describeRule) }),
  }),
  endpoint({
    name: 'getHealth',
    route: 'health',
    summary: 'How the monitor itself is doing.',
    answers: shapes.Health,
    answer: ({ monitor }) => readHealth(monitor),
    status: ({ status }) => (status === 'failing' ? 503 : 200),
  }),
  endpoint({
    name: 'sendTestAlert',
    route: 'alerts/test',
    method: 'POST',
    summary: 'Sends a test alert.',
    answers: z.strictObject({ state: z.literal('delivered') }),
    async answer({ monitor }) {
      const tested = await monitor().testAlert();
      if (tested.length === 0) throw new Problem(409, 'Nowhere to send it', 'ALERT_WEBHOOK_URL is not set');
      const faults = tested.flatMap(({ sink, delivery }) =>
        delivery.state === 'delivered' ? [] : `Sink ${sink} did not take it: ${delivery.error}`,
      );
      if (faults.length > 0) throw new Problem(502, 'Not delivered', faults.join('; '));
      return { state: 'delivered' as const };
    },
  }),
];

function nothingHangsOn(reference: string): z.output<typeof shapes.Reason> {
  const detail = `No registry that the monitor knows hangs on ${reference}: it may not know it, or its registries`;
  return { part: 'coverage', code: 'key_holder_not_known', detail };
}

function neverAssessed(name: string): Problem {
  return new Problem(404, 'Not found', `Registry ${name} was never assessed`);
}
