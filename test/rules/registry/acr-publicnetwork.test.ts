import { describe, expect, it } from 'vitest';
import { absent, judge, keyedRegistry, plainRegistry, unreadable } from '../postures.ts';

const rule = 'acr_publicnetwork';

describe.each([
  ['without a customer-managed key', (properties: Record<string, unknown>) => plainRegistry(properties)],
  [
    'with one',
    (properties: Record<string, unknown>) => {
      const body = keyedRegistry();
      return { ...body, properties: { ...body.properties, ...properties } };
    },
  ],
])('a registry %s', (_, build) => {
  it.each(['Disabled', 'disabled'])('passes when public access is %s, whatever the rules say', (word) => {
    for (const defaultAction of ['Allow', 'Deny', undefined])
      expect(
        judge(rule, build({ publicNetworkAccess: word, networkRuleSet: { defaultAction } })),
      ).toMatchObject({ outcome: 'pass', reason: 'public_network_disabled' });
  });

  it.each([
    ['rules that let all in', { defaultAction: 'Allow' }],
    ['no rules, as below Premium', undefined],
    ['rules that are null', null],
    ['rules without a default', {}],
    ['a default that is not documented', { defaultAction: 'Ask' }],
  ])('fails as open with %s', (_, networkRuleSet) => {
    expect(judge(rule, build({ publicNetworkAccess: 'Enabled', networkRuleSet }))).toMatchObject({
      outcome: 'fail',
      reason: 'public_network_open',
      severity: 'medium',
    });
  });

  it.each(['Deny', 'deny'])('fails as restricted when the default is %s', (defaultAction) => {
    const properties = { publicNetworkAccess: 'enabled', networkRuleSet: { defaultAction, ipRules: [] } };
    const verdict = judge(rule, build(properties));
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'public_network_restricted' });
    expect(verdict.evidence.values).toEqual({
      publicNetworkAccess: 'enabled',
      'networkRuleSet.defaultAction': defaultAction,
    });
  });

  it.each([
    [undefined, 'public_network_missing'],
    [null, 'public_network_missing'],
    ['', 'public_network_unrecognised'],
    ['SecuredByPerimeter', 'public_network_unrecognised'],
    [false, 'public_network_unrecognised'],
  ])('is unknown when public access is %j', (publicNetworkAccess, reason) => {
    expect(judge(rule, build({ publicNetworkAccess }))).toMatchObject({ outcome: 'unknown', reason });
  });
});

it.each([absent, unreadable])('is judged whatever the state of the key holder', (keyHolder) => {
  expect(judge(rule, keyedRegistry(), { keyHolder }).outcome).toBe('fail');
});

it.each([
  ['disabled', { status: 'disabled' }],
  ['a word that nobody documented', { status: 'rotating' }],
  ['left out', undefined],
])('is judged also when the encryption is %s', (_, encryption) => {
  expect(judge(rule, plainRegistry({ encryption, publicNetworkAccess: 'Disabled' })).outcome).toBe('pass');
});
