import { type Alert, type DigestMessage, toMessageId } from '../domain/alert.ts';

/** Standard Webhooks asks for payloads under 20 kB. */
const maxBytes = 19_000;

/** Makes one message of several alerts of a sweep; of registries that do not fit it tells the number. */
export function toDigestMessage(alerts: readonly Alert[], now: Date): DigestMessage {
  const sweep = alerts[0]?.sweep ?? '';
  const ids = alerts.map(({ id }) => id).toSorted();
  const message: DigestMessage = {
    type: 'sweep.findings.changed',
    id: toMessageId(sweep, ...ids),
    time: now.toISOString(),
    source: 'sweep',
    sweep,
    registries: alerts.length,
    omitted: 0,
    counts: toCounts(alerts),
    items: [],
  };
  let size = Buffer.byteLength(JSON.stringify(message));
  for (const { payload } of alerts) {
    const item = { registry: payload.registry, transitions: payload.transitions.map(toShort) };
    size += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (size > maxBytes) break;
    message.items.push(item);
  }
  return { ...message, omitted: alerts.length - message.items.length };
}

function toShort({ title: _, remedy: __, ...transition }: Alert['payload']['transitions'][number]) {
  return transition;
}

function toCounts(alerts: readonly Alert[]): DigestMessage['counts'] {
  const transitions = alerts.flatMap(({ payload }) => payload.transitions);
  const groups = Map.groupBy(transitions, ({ rule, transition }) => `${rule} ${transition}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { rule, severity, title, remedy, transition } = first;
    return [{ rule, severity, title, remedy, transition, count: group.length }];
  });
}
