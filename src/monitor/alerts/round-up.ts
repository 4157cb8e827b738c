import type { AlertMessage, RoundUpMessage } from '../../domain/record/alert.ts';

/** Standard Webhooks asks for payloads under 20 kB. */
const maxBytes = 19_000;

/** Bytes that the counts may take; with more of them their remedies are left out, the API has them. */
const maxCountBytes = 8_000;

/** Makes one message of several alerts of a sweep; of registries that do not fit it tells the number. */
export function toRoundUp(
  messages: readonly AlertMessage[],
  { id, sweep }: { id: string; sweep: string },
): RoundUpMessage {
  const message: RoundUpMessage = {
    type: 'sweep.findings.changed',
    id,
    // That of its latest member: a repeat says the same.
    time: messages.reduce((latest, { time }) => (time > latest ? time : latest), ''),
    source: 'sweep',
    sweep,
    registries: messages.length,
    omitted: 0,
    counts: toCounts(messages),
    items: [],
  };
  let size = Buffer.byteLength(JSON.stringify(message));
  for (const { registry, transitions } of messages) {
    const item = { registry, transitions: transitions.map(toShort) };
    size += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (size > maxBytes) break;
    message.items.push(item);
  }
  return { ...message, omitted: messages.length - message.items.length };
}

function toShort({ title: _, remedy: __, ...transition }: AlertMessage['transitions'][number]) {
  return transition;
}

function toCounts(messages: readonly AlertMessage[]): RoundUpMessage['counts'] {
  const transitions = messages.flatMap((message) => message.transitions);
  const groups = Map.groupBy(transitions, ({ rule, transition }) => `${rule} ${transition}`);
  const counts = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { rule, severity, title, remedy, transition } = first;
    return [{ rule, severity, title, remedy, transition, count: group.length }];
  });
  const isShort = Buffer.byteLength(JSON.stringify(counts)) <= maxCountBytes;
  return isShort ? counts : counts.map(({ remedy: _, ...count }) => count);
}
