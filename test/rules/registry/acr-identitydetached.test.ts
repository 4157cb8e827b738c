import { describe, expect, it } from 'vitest';
import type { IdentityResource } from '../../../src/domain/estate/identity-resource.ts';
import { findRule } from '../../../src/rules/catalog.ts';
import { describeAnyKeyHolder, describeCustomerKeyCases } from '../customer-key-cases.ts';
import { identity, judge, keyedRegistry, readingOf } from '../postures.ts';

const rule = 'acr_identitydetached';
const other = { clientId: '48b6ec62-1170-40f2-8075-62a388352e54', principalId: 'p' };
const own = { clientId: identity.clientId, principalId: identity.principalId };
const judgeIdentity = (body: unknown, named: unknown = identity.clientId) =>
  judge(rule, keyedRegistry({ identity: named }, { identity: body }));

describeCustomerKeyCases(rule);
describeAnyKeyHolder(rule);

describe('a user-assigned identity', () => {
  it.each([
    ['alone', { type: 'userAssigned', userAssignedIdentities: { a: own } }],
    ['among others', { type: 'UserAssigned', userAssignedIdentities: { b: other, a: own } }],
    [
      'beside the system-assigned one',
      {
        type: 'systemAssigned, userAssigned',
        principalId: 'p',
        tenantId: 't',
        userAssignedIdentities: { a: own },
      },
    ],
    [
      'in another casing',
      { type: 'userAssigned', userAssignedIdentities: { a: { clientId: identity.clientId.toUpperCase() } } },
    ],
    ['without a type', { userAssignedIdentities: { a: own } }],
    ['beside one that is not shown', { type: 'userAssigned', userAssignedIdentities: { b: {}, a: own } }],
  ])('passes %s', (_, body) => {
    expect(judgeIdentity(body)).toMatchObject({ outcome: 'pass', reason: 'identity_attached' });
  });

  it.each([
    ['there is none', undefined],
    ['there is none, told by null', null],
    ['there is none, told by its type', { type: 'None' }],
    ['there are others', { type: 'userAssigned', userAssignedIdentities: { b: other } }],
    ['the list is empty', { type: 'userAssigned', userAssignedIdentities: {} }],
    ['the system-assigned one alone is there', { type: 'systemAssigned', principalId: 'p' }],
    [
      'the system-assigned one and others are there',
      { type: 'SystemAssigned, UserAssigned', principalId: 'p', userAssignedIdentities: { b: other } },
    ],
  ])('fails when %s', (_, body) => {
    expect(judgeIdentity(body)).toMatchObject({
      outcome: 'fail',
      reason: 'identity_detached',
      severity: 'high',
    });
  });

  it.each([
    ['the list is left out', { type: 'userAssigned' }],
    ['the list is left out beside the system-assigned one', { type: 'systemAssigned,userAssigned' }],
    ['the list is no object', { type: 'userAssigned', userAssignedIdentities: 'id' }],
    ['the list is a list', { type: 'userAssigned', userAssignedIdentities: [own] }],
    ['one is not shown', { type: 'userAssigned', userAssignedIdentities: { b: other, a: {} } }],
    ['one is null', { type: 'userAssigned', userAssignedIdentities: { a: null } }],
    ['nothing is told', {}],
    ['the type is not documented', { type: 'federated' }],
    ['the type is no text', { type: 7 }],
    ['the identity is no object', 'userAssigned'],
  ])('is unknown when %s', (_, body) => {
    expect(judgeIdentity(body)).toMatchObject({ outcome: 'unknown', reason: 'identities_not_shown' });
  });
});

describe('the system-assigned identity', () => {
  it.each([
    ['alone', { type: 'systemAssigned', principalId: 'p', tenantId: 't' }],
    ['beside others', { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { b: other } }],
    ['without a type', { principalId: 'p' }],
    ['of a type that is not documented', { type: 'federated', principalId: 'p' }],
  ])('passes %s', (_, body) => {
    for (const named of ['system', 'System', ' system '])
      expect(judgeIdentity(body, named)).toMatchObject({ outcome: 'pass', reason: 'identity_attached' });
  });

  it.each([
    ['there is none', undefined],
    ['there is none, told by its type', { type: 'None' }],
    ['others alone are there', { type: 'userAssigned', userAssignedIdentities: { b: other } }],
  ])('fails when %s', (_, body) => {
    expect(judgeIdentity(body, 'system')).toMatchObject({ outcome: 'fail', reason: 'identity_detached' });
  });

  it.each([
    ['nothing is told', {}],
    ['the type is not documented', { type: 'federated' }],
  ])('is unknown when %s', (_, body) => {
    expect(judgeIdentity(body, 'system')).toMatchObject({
      outcome: 'unknown',
      reason: 'identities_not_shown',
    });
  });
});

it.each([
  [undefined, 'encryption_identity_missing'],
  [null, 'encryption_identity_missing'],
  ['', 'encryption_identity_missing'],
  ['id-images', 'encryption_identity_unrecognised'],
  [7, 'encryption_identity_unrecognised'],
  [identity.id, 'encryption_identity_unrecognised'],
])('is unknown when encryption names %j', (named, reason) => {
  const body = keyedRegistry({ identity: named });
  expect(judge(rule, body)).toMatchObject({ outcome: 'unknown', reason });
});

it('shows what encryption names and what the registry has', () => {
  const body = { type: 'userAssigned', userAssignedIdentities: { '/id/b': other } };
  expect(judgeIdentity(body).evidence.values).toMatchObject({
    'encryption.identity': identity.clientId,
    'identity.type': 'userAssigned',
    'identity.userAssignedIdentities': ['/id/b'],
  });
});

it('says that pushes and pulls go on for a while', () => {
  const { why, remedy } = findRule(rule) ?? {};
  expect(why).toMatch(/pushes and pulls go on for a while.*months/i);
  expect(remedy).toMatch(/support request.*months before they fail/i);
});

describe('the user-assigned identity itself', () => {
  const judgeResource = (resource: IdentityResource, body: unknown = undefined, named = identity.clientId) =>
    judge(rule, keyedRegistry({ identity: named }, body === undefined ? {} : { identity: body as object }), {
      identity: resource,
    });
  const readings = [readingOf('identity', identity.id)];
  const absent: IdentityResource = { state: 'absent', readings };

  it('passes where it is there', () => {
    expect(judgeResource({ state: 'found', readings })).toMatchObject({
      outcome: 'pass',
      reason: 'identity_attached',
    });
  });

  it('fails where it was deleted, though the registry still shows it', () => {
    const verdict = judgeResource(absent);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'identity_deleted' });
    expect(verdict.evidence.read.at(-1)).toMatchObject({ what: 'identity' });
  });

  it('fails where it was deleted, and the registry shows no ids of it any more', () => {
    const body = { type: 'userAssigned', userAssignedIdentities: { [identity.id]: {} } };
    expect(judgeResource(absent, body)).toMatchObject({ outcome: 'fail', reason: 'identity_deleted' });
  });

  it.each([
    ['identity_forbidden', 'Microsoft.ManagedIdentity/userAssignedIdentities/read'],
    ['identity_not_visible', undefined],
  ] as const)('is unknown where it can’t be read: %s', (reason, missingAction) => {
    const verdict = judgeResource({
      state: 'unreadable',
      reason,
      ...(missingAction ? { missingAction } : {}),
      readings,
    });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason });
    expect(verdict.evidence.values.missingAction).toBe(missingAction);
  });

  it('does not count where another one is named', () => {
    expect(judgeResource(absent, { type: 'None' })).toMatchObject({ reason: 'identity_detached' });
  });
});
