import { describe, expect, it } from 'vitest';
import { toNearest } from '../../src/cli/nearest.ts';
import { toShown, toVisible } from '../../src/cli/output.ts';
import { toPostureSum } from '../../src/cli/posture-sum.ts';
import { cut } from '../../src/cli/terminal-text.ts';

const subscriptionId = '6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';

function registry(name: string, outcomes: string[], assessedAt = '2026-11-27T10:00:00.000Z') {
  const verdicts = outcomes.map((outcome, index) => [`rule_${index}`, { outcome, reason: '' }]);
  return {
    registryId: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`,
    subscriptionId,
    resourceGroup: 'rg',
    name,
    state: 'present',
    verdicts: Object.fromEntries(verdicts),
    assessedAt,
  } as unknown as Parameters<typeof toPostureSum>[0][number];
}

describe('text from outside', () => {
  it.each([
    ['\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
    ['acr\u202egnp.exe', 'acr\\u202egnp.exe'],
    ['a\u009b31mred', 'a\\u009b31mred'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['line\rover', 'line\\u000dover'],
  ])('%j is shown as what it is', (text, shown) => {
    expect(toVisible(text)).toBe(shown);
    expect(toShown(text)).toBe(shown);
  });

  it('keeps its letters, whatever their script', () => {
    expect(toVisible('Größe – 東京 🗝\n\tnext')).toBe('Größe – 東京 🗝\n\tnext');
  });
});

describe('names', () => {
  it('are cut in the middle, so that both ends can be told', () => {
    expect(cut('acrplatformproduction', 11)).toBe('acrpl…ction');
    expect(cut('acr', 3)).toBe('acr');
  });

  it('are found by what is nearly them, and not by what is something else', () => {
    expect(toNearest('acrplatfrom', ['acrretail', 'acrplatform'])).toBe('acrplatform');
    expect(toNearest('gibberish', ['acrretail', 'acrplatform'])).toBeUndefined();
  });
});

describe('the sum of all registries', () => {
  const sweep = { endedAt: '2026-11-27T11:00:00.000Z' } as never;
  const late = registry('late', ['pass'], '2026-11-27T11:30:00.000Z');

  it('adds up: each registry in sight is in exactly one part', () => {
    const registries = [
      registry('good', ['pass', 'notApplicable']),
      registry('bad', ['fail', 'unknown']),
      registry('odd', ['pass', 'unknown']),
      registry('locked', ['pass']),
      late,
    ];
    const exceptions = [
      { registryId: registry('new', []).registryId, reason: 'provisioning_state_creating' },
      { registryId: registry('locked', []).registryId, reason: 'registry_forbidden' },
      { registryId: late.registryId, reason: 'provisioning_state_updating' },
    ] as never;
    expect(toPostureSum(registries, { sweep, exceptions, subscriptions: [] })).toBe(
      '6 registries: 2 pass, 1 fail, 1 unknown, 1 not judged yet, 1 not readable',
    );
  });

  it('counts what stands in a subscription that can’t be read as not readable, and names that', () => {
    const subscriptions = [{ subscriptionId, state: 'lost' }] as never;
    expect(toPostureSum([registry('good', ['pass'])], { sweep, exceptions: [], subscriptions })).toBe(
      `1 registry: 0 pass, 0 fail, 0 unknown, 1 not readable, and those of 1 subscription that can't be read (${subscriptionId})`,
    );
  });
});
