import { expect, it } from 'vitest';
import { found, judge, keyedRegistry, managedHsm, vault } from '../postures.ts';
import { describeKeyHolderCases } from './key-holder-cases.ts';

const rule = 'kv_regionmismatch';
const judgeRegions = (registry: unknown, keyHolder: unknown) =>
  judge(rule, keyedRegistry({}, { location: registry as string }), {
    keyHolder: found({ ...vault(), location: keyHolder as string }),
  });

describeKeyHolderCases(rule);

it.each([
  ['westeurope', 'westeurope'],
  ['westeurope', 'West Europe'],
  ['West US 2', 'westus2'],
  ['NORTHEUROPE', ' northeurope '],
])('passes a registry in %j with a key holder in %j', (registry, keyHolder) => {
  expect(judgeRegions(registry, keyHolder)).toMatchObject({ outcome: 'pass', reason: 'regions_match' });
});

it.each([
  ['westeurope', 'northeurope'],
  ['westus', 'westus2'],
  ['West US', 'West US 2'],
])('fails a registry in %j with a key holder in %j', (registry, keyHolder) => {
  const verdict = judgeRegions(registry, keyHolder);
  expect(verdict).toMatchObject({ outcome: 'fail', reason: 'regions_differ', severity: 'low' });
  expect(verdict.evidence.values).toMatchObject({
    'registry.location': registry,
    'keyHolder.location': keyHolder,
  });
});

it.each([
  [undefined, 'westeurope'],
  ['westeurope', undefined],
  [undefined, undefined],
  [null, 'westeurope'],
  ['', ''],
  ['westeurope', '  '],
  ['westeurope', { name: 'westeurope' }],
  [7, 7],
])('is unknown for a registry in %j with a key holder in %j', (registry, keyHolder) => {
  expect(judgeRegions(registry, keyHolder)).toMatchObject({ outcome: 'unknown', reason: 'region_missing' });
});

it.each([
  ['its first region', [{ name: 'northeurope', isPrimary: true }, { name: 'westeurope' }], 'pass'],
  ['a region in another casing', [{ name: 'West Europe', provisioningState: 'Succeeded' }], 'pass'],
  ['none of its regions', [{ name: 'eastus' }], 'fail'],
  ['no region at all', [], 'fail'],
  ['an odd region', [{ name: 'eastus' }, 'westeurope'], 'unknown'],
  ['a region without a name', [{ name: null }], 'unknown'],
  ['odd regions', 'westeurope', 'unknown'],
])('counts the regions of a Managed HSM as its own: %s', (_, regions, outcome) => {
  const keyHolder = found({ ...managedHsm({ regions }), location: 'northeurope' });
  expect(judge(rule, keyedRegistry(), { keyHolder }).outcome).toBe(outcome);
});

it('passes a Managed HSM by a further region though its first one is missing', () => {
  const { location: _, ...body } = managedHsm({ regions: [{ name: 'westeurope' }] });
  const verdict = judge(rule, keyedRegistry(), { keyHolder: found(body) });
  expect(verdict.outcome).toBe('pass');
  expect(verdict.evidence.values).toMatchObject({ regions: ['westeurope'] });
});

it('does not let a vault have further regions', () => {
  const keyHolder = found({ ...vault({ regions: [{ name: 'westeurope' }] }), location: 'northeurope' });
  expect(judge(rule, keyedRegistry(), { keyHolder }).outcome).toBe('fail');
});
