import { beforeAll, expect, it } from 'vitest';
import { catalog } from '../../../src/rules/catalog.ts';
import { describeRule, type RuleDescription } from '../../../src/rules/rule-description.ts';
import { startMonitorHost } from '../monitor-host.ts';

let monitor: Awaited<ReturnType<typeof startMonitorHost>>;

beforeAll(async () => {
  monitor = await startMonitorHost();
});

it('answers all rules, on or off, in the order of the catalog', async () => {
  const { items } = await monitor.getJson<{ items: RuleDescription[] }>('/api/rules');
  expect(items).toEqual(catalog.map(describeRule));
  expect(Object.keys(items[0] ?? {})).toEqual([
    'id',
    'severity',
    'isOnByDefault',
    'title',
    'checks',
    'why',
    'remedy',
    'reasons',
    'controls',
    'links',
  ]);
});

it('tells which controls a rule supports, and who says so', async () => {
  const { items } = await monitor.getJson<{ items: RuleDescription[] }>('/api/rules');
  const controls = items.find(({ id }) => id === 'acr_nocmk')?.controls;
  expect(controls).toContainEqual({
    framework: 'Microsoft cloud security benchmark v1',
    control: 'DP-5',
    title: 'Use customer-managed key option in data at rest encryption when required',
    basis: expect.stringContaining('5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580'),
    link: 'https://learn.microsoft.com/azure/governance/policy/samples/azure-security-benchmark',
  });
});

it('asks for the function key, and refuses parameters', async () => {
  const [noKey, parameter] = await Promise.all([
    fetch(`${monitor.host.url}/api/rules`),
    monitor.ask('/api/rules?severity=high'),
  ]);
  expect([noKey.status, parameter.status]).toEqual([401, 400]);
});
