import { expect, it } from 'vitest';
import { findRule } from '../../../src/rules/catalog.ts';
import { describeAnyKeyHolder, describeCustomerKeyCases } from '../customer-key-cases.ts';
import { identity, judge, keyedRegistry } from '../postures.ts';

const rule = 'acr_systemidentity';
const attached = [
  undefined,
  {},
  { type: 'None' },
  { type: 'systemAssigned', principalId: 'p', tenantId: 't' },
  { type: 'userAssigned', userAssignedIdentities: {} },
  { type: 'userAssigned' },
];

describeCustomerKeyCases(rule);
describeAnyKeyHolder(rule);

it.each(attached)('passes a user-assigned identity, attached or not: %j', (body) => {
  for (const named of [identity.clientId, identity.clientId.toUpperCase()])
    expect(judge(rule, keyedRegistry({ identity: named }, { identity: body }))).toMatchObject({
      outcome: 'pass',
      reason: 'user_identity',
    });
});

it.each(attached)('fails the system-assigned identity, attached or not: %j', (body) => {
  for (const named of ['system', 'SYSTEM'])
    expect(judge(rule, keyedRegistry({ identity: named }, { identity: body }))).toMatchObject({
      outcome: 'fail',
      reason: 'system_identity',
      severity: 'low',
    });
});

it.each([
  [undefined, 'encryption_identity_missing'],
  [null, 'encryption_identity_missing'],
  ['', 'encryption_identity_missing'],
  ['systemAssigned', 'encryption_identity_unrecognised'],
  [true, 'encryption_identity_unrecognised'],
])('is unknown when encryption names %j', (named, reason) => {
  expect(judge(rule, keyedRegistry({ identity: named }))).toMatchObject({ outcome: 'unknown', reason });
});

it('warns that a removed identity needs a support request', () => {
  expect(findRule(rule)?.remedy).toMatch(/support request/);
});
