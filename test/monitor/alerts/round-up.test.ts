import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AlertMessage } from '../../../src/domain/record/alert.ts';
import type { Transition } from '../../../src/domain/record/finding.ts';
import { toRoundUp } from '../../../src/monitor/alerts/round-up.ts';
import { catalog } from '../../../src/rules/catalog.ts';
import { registryAt } from '../../store/samples.ts';

const now = new Date('2026-08-01T10:00:00.000Z');
const kinds: Transition['transition'][] = ['opened', 'reopened', 'resolved', 'closed'];

function messageOf(
  name: string,
  transitions: readonly (readonly [number, number])[],
  resourceGroup = 'rg',
): AlertMessage {
  const since = now.toISOString();
  const { id, subscriptionId } = registryAt(1, name);
  return {
    type: 'registry.findings.changed',
    id: `msg_${name}`,
    time: since,
    source: 'sweep',
    registry: { id, name, subscriptionId, resourceGroup, location: 'westeurope' },
    transitions: transitions.flatMap(([ruleIndex, kind]) => {
      const rule = catalog[ruleIndex % catalog.length];
      const transition = kinds[kind % kinds.length];
      if (!rule || !transition) return [];
      const { severity, title, remedy } = rule;
      return [{ rule: rule.id, severity, title, remedy, transition, reason: 'encryption_disabled', since }];
    }),
  };
}

function messagesOf(count: number): AlertMessage[] {
  return Array.from({ length: count }, (_, index) => messageOf(`images${index}`, [[0, 0]]));
}

const anyTransitions = fc.array(fc.tuple(fc.nat(50), fc.nat(3)), { minLength: 1, maxLength: 6 });
const anyGroup = fc.oneof(
  fc.string({ minLength: 1, maxLength: 90, unit: 'binary' }).filter((group) => !/[/|\\#?]/.test(group)),
  fc.constant('资'.repeat(90)),
);

it('stays under 20 kB whatever it tells of, and counts what it leaves out', () => {
  const anyRegistries = fc.array(fc.tuple(anyGroup, anyTransitions), { minLength: 2, maxLength: 300 });
  fc.assert(
    fc.property(anyRegistries, (registries) => {
      const messages = registries.map(([group, transitions], index) =>
        messageOf(`images${index}`, transitions, group),
      );
      const digest = toRoundUp(messages, { id: 'msg_1', sweep: 's1' });
      expect(Buffer.byteLength(JSON.stringify(digest))).toBeLessThan(20_000);
      expect(digest.items.length + digest.omitted).toBe(messages.length);
      const told = digest.counts.reduce((sum, { count }) => sum + count, 0);
      expect(told).toBe(messages.flatMap(({ transitions }) => transitions).length);
    }),
    { numRuns: 60 },
  );
});

it('leaves out nothing while there is room', () => {
  const messages = messagesOf(10);
  const digest = toRoundUp(messages, { id: 'msg_1', sweep: 's1' });
  expect(digest).toMatchObject({ registries: 10, omitted: 0, sweep: 's1' });
  expect(digest.items.map(({ registry }) => registry)).toEqual(messages.map(({ registry }) => registry));
  expect(digest.counts).toMatchObject([{ rule: 'acr_nocmk', transition: 'opened', count: 10 }]);
});

it('leaves out what has no room any more, and says of how many', () => {
  const { registries, omitted, items } = toRoundUp(messagesOf(500), { id: 'msg_1', sweep: 's1' });
  expect(registries).toBe(500);
  expect(omitted).toBeGreaterThan(300);
  expect(items.length).toBeGreaterThan(20);
});

it('carries the id that it was given, and leaves remedies out of the counts when they take too much room', () => {
  const long = messagesOf(10).map((message) => ({
    ...message,
    transitions: message.transitions.map((each) => ({ ...each, remedy: 'az '.repeat(4_000) })),
  }));
  const digest = toRoundUp(long, { id: 'msg_1', sweep: 's1' });
  expect(digest.id).toBe('msg_1');
  expect(digest.counts).toEqual([expect.not.objectContaining({ remedy: expect.anything() })]);
  expect(digest.omitted).toBe(0);
});
