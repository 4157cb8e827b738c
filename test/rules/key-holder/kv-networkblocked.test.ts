import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { found, judge, keyedRegistry, managedHsm, vault } from '../postures.ts';
import { describeKeyHolderCases } from './key-holder-cases.ts';

const rule = 'kv_networkblocked';

/** Network rules as they are written, with someone let in by each of the ways that don't help a registry. */
const rules = (bypass: unknown, defaultAction: unknown) => ({
  bypass,
  defaultAction,
  ipRules: [{ value: '203.0.113.0/24' }],
  virtualNetworkRules: [{ id: '/subscriptions/s/subnets/a' }, { id: '/subscriptions/s/subnets/b' }],
});
/** By a system-assigned identity, which nobody doubts to be a trusted service's. */
const judgeNetwork = (publicNetworkAccess: unknown, networkAcls: unknown, build = vault) =>
  judge(rule, keyedRegistry({ identity: 'system' }), {
    keyHolder: found(build({ publicNetworkAccess, networkAcls })),
  });

describeKeyHolderCases(rule);

describe.each([
  ['a vault', vault],
  ['a Managed HSM', managedHsm],
])('%s', (_, build) => {
  it.each([
    ['Enabled', undefined, 'trusted_services_let_in'],
    [undefined, undefined, 'trusted_services_let_in'],
    ['Disabled', undefined, 'trusted_services_let_in'],
    ['Disabled', null, 'trusted_services_let_in'],
    ['Disabled', {}, 'trusted_services_let_in'],
    ['Disabled', rules('AzureServices', 'Deny'), 'trusted_services_let_in'],
    ['enabled', rules('azureservices', 'Deny'), 'trusted_services_let_in'],
    ['Disabled', rules(undefined, 'Deny'), 'trusted_services_let_in'],
    ['Disabled', rules(null, 'Deny'), 'trusted_services_let_in'],
    ['Enabled', rules('AzureServices', 'Someday'), 'trusted_services_let_in'],
    ['Enabled', rules('None', 'Allow'), 'network_open'],
    [undefined, rules('none', 'allow'), 'network_open'],
    ['Enabled', rules('Metrics', 'Allow'), 'network_open'],
  ])('passes with public access %j and rules %j', (access, acls, reason) => {
    expect(judgeNetwork(access, acls, build)).toMatchObject({ outcome: 'pass', reason });
  });

  it.each([
    ['Disabled', rules('None', 'Deny'), 'public_access_disabled'],
    ['disabled', rules('none', 'Allow'), 'public_access_disabled'],
    ['Disabled', rules('None', undefined), 'public_access_disabled'],
    ['Disabled', rules('None', 'Someday'), 'public_access_disabled'],
    ['Enabled', rules('None', 'Deny'), 'firewall_denies'],
    [undefined, rules('NONE', 'deny'), 'firewall_denies'],
    ['Someday', rules('None', 'Deny'), 'firewall_denies'],
  ])('fails with public access %j and rules %j', (access, acls, reason) => {
    expect(judgeNetwork(access, acls, build)).toMatchObject({ outcome: 'fail', reason, severity: 'high' });
  });

  it.each([
    ['SecuredByPerimeter', undefined, 'secured_by_perimeter'],
    ['securedbyperimeter', rules('AzureServices', 'Allow'), 'secured_by_perimeter'],
    ['SecuredByPerimeter', rules('None', 'Deny'), 'secured_by_perimeter'],
    ['Someday', rules('AzureServices', 'Allow'), 'public_access_unrecognised'],
    ['', undefined, 'public_access_unrecognised'],
    [false, undefined, 'public_access_unrecognised'],
    ['Someday', rules('None', 'Allow'), 'public_access_unrecognised'],
    ['Someday', rules('None', undefined), 'public_access_unrecognised'],
    ['Enabled', rules('Metrics', 'Deny'), 'bypass_unrecognised'],
    ['Enabled', rules('', undefined), 'bypass_unrecognised'],
    ['Disabled', rules('Metrics', 'Allow'), 'bypass_unrecognised'],
    ['Enabled', rules(['AzureServices'], 'Deny'), 'bypass_unrecognised'],
    ['Enabled', 'AzureServices', 'bypass_unrecognised'],
    ['Disabled', [], 'bypass_unrecognised'],
    ['Enabled', rules('None', undefined), 'default_action_missing'],
    [undefined, rules('None', null), 'default_action_missing'],
    ['Enabled', rules('None', 'Someday'), 'default_action_unrecognised'],
  ])('is unknown with public access %j and rules %j', (access, acls, reason) => {
    expect(judgeNetwork(access, acls, build)).toMatchObject({ outcome: 'unknown', reason });
  });
});

it('fails though a private endpoint is there, and shows all that was asked for', () => {
  const network = {
    publicNetworkAccess: 'Disabled',
    networkAcls: rules('None', 'Deny'),
    privateEndpointConnections: [{ id: '/subscriptions/s/endpoints/a' }],
  };
  const verdict = judge(rule, keyedRegistry(), { keyHolder: found(vault(network)) });
  expect(verdict.outcome).toBe('fail');
  expect(verdict.evidence.values).toMatchObject({
    publicNetworkAccess: 'Disabled',
    'networkAcls.bypass': 'None',
    'networkAcls.defaultAction': 'Deny',
    'networkAcls.ipRules': 1,
    'networkAcls.virtualNetworkRules': 2,
    privateEndpointConnections: 1,
  });
});

const word = (...known: string[]) => fc.option(fc.constantFrom(...known, 'Someday'), { nil: undefined });

it('never depends on the casing of words', () => {
  const access = word('Enabled', 'Disabled', 'SecuredByPerimeter');
  fc.assert(
    fc.property(access, word('AzureServices', 'None'), word('Allow', 'Deny'), (open, bypass, action) => {
      const { outcome, reason } = judgeNetwork(open, rules(bypass, action));
      for (const toCase of ['toLowerCase', 'toUpperCase'] as const) {
        const written = rules(bypass?.[toCase](), action?.[toCase]());
        expect(judgeNetwork(open?.[toCase](), written)).toMatchObject({ outcome, reason });
      }
    }),
  );
});

it('never fails unless the bypass is off', () => {
  const access = word('Enabled', 'Disabled', 'SecuredByPerimeter');
  fc.assert(
    fc.property(access, word('AzureServices'), word('Allow', 'Deny'), (open, bypass, action) => {
      expect(judgeNetwork(open, rules(bypass, action)).outcome).not.toBe('fail');
    }),
  );
});

describe('a closed firewall that lets trusted services in', () => {
  const judgeUser = (identity: unknown, { choice, acls }: { choice?: string; acls?: unknown } = {}) =>
    judge(rule, keyedRegistry(identity === undefined ? {} : { identity }), {
      keyHolder: found(vault({ networkAcls: acls ?? rules('AzureServices', 'Deny') })),
      choices: choice === undefined ? {} : { TRUSTED_SERVICES_USER_IDENTITY: choice },
    });

  it.each([
    [undefined, 'unknown'],
    ['unknown', 'unknown'],
    ['fail', 'fail'],
  ])('makes a user-assigned identity %s: %s', (choice, outcome) => {
    expect(judgeUser(undefined, choice === undefined ? {} : { choice })).toMatchObject({
      outcome,
      reason: 'trusted_services_user_identity',
    });
  });

  it('passes a user-assigned identity where the setting says so', () => {
    expect(judgeUser(undefined, { choice: 'pass' })).toMatchObject({
      outcome: 'pass',
      reason: 'trusted_services_let_in',
    });
  });

  it.each(['Allow', 'allow', undefined])('does not matter where the default action is %j', (action) => {
    expect(judgeUser(undefined, { acls: rules('AzureServices', action) })).toMatchObject({
      outcome: 'pass',
      reason: 'trusted_services_let_in',
    });
  });

  it.each([
    ['Disabled', undefined],
    ['Disabled', rules('AzureServices', 'Allow')],
    ['Enabled', rules(undefined, 'deny')],
    ['Enabled', rules('AzureServices', 'Someday')],
  ])('is one with public access %s and rules %j', (publicNetworkAccess, networkAcls) => {
    const keyHolder = found(vault({ publicNetworkAccess, networkAcls }));
    expect(judge(rule, keyedRegistry(), { keyHolder })).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    [null, 'encryption_identity_missing'],
    ['id-images', 'encryption_identity_unrecognised'],
  ])('is unknown where the identity is %j', (identity, reason) => {
    for (const choice of ['unknown', 'fail'])
      expect(judgeUser(identity, { choice })).toMatchObject({ outcome: 'unknown', reason });
    expect(judgeUser(identity, { choice: 'pass' }).outcome).toBe('pass');
  });
});
