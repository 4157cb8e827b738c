import { describe, expect, it } from 'vitest';
import { toEncryptionIdentity, toNamedIdentity } from '../../../src/domain/estate/encryption-identity.ts';
import type { Registry, RegistryIdentity } from '../../../src/domain/estate/registry.ts';

const clientId = '48b6ec62-1170-40f2-8075-62a388352e54';
const other = { id: '/ids/b', clientId: '93b7e2c5-60d8-4f1a-8e34-b5c09d7f2a61', principalId: 'pb' };
const own = { id: '/ids/a', clientId, principalId: 'pa' };

const toIdentity = (named: string | undefined, identity?: RegistryIdentity) => {
  const encryption = { status: 'enabled', ...(named === undefined ? {} : { identity: named }) };
  return toEncryptionIdentity({ encryption, ...(identity ? { identity } : {}) } as Registry);
};

describe('what an encryption names', () => {
  it.each([
    ['system', { kind: 'system' }],
    [' System ', { kind: 'system' }],
    [clientId, { kind: 'user', clientId }],
    [` ${clientId.toUpperCase()} `, { kind: 'user', clientId: clientId.toUpperCase() }],
    ['', { kind: 'unknown', reason: 'encryption_identity_missing' }],
    ['  ', { kind: 'unknown', reason: 'encryption_identity_missing' }],
    [`{${clientId}}`, { kind: 'unknown', reason: 'encryption_identity_unrecognised' }],
    ['/ids/a', { kind: 'unknown', reason: 'encryption_identity_unrecognised' }],
  ])('as %j', (identity, expected) => {
    expect(toNamedIdentity({ identity })).toEqual(expected);
  });

  it('is missing without it', () => {
    for (const encryption of [undefined, {}])
      expect(toNamedIdentity(encryption)).toEqual({ kind: 'unknown', reason: 'encryption_identity_missing' });
  });
});

describe('the identity', () => {
  it('that is attached is told with its ids and its tenant', () => {
    const identity = { type: 'systemAssigned, userAssigned', tenantId: 't', userAssigned: [other, own] };
    expect(toIdentity(clientId, identity)).toEqual({
      state: 'attached',
      kind: 'user',
      ...own,
      tenantId: 't',
    });
    expect(toIdentity('system', { type: 'SystemAssigned', principalId: 'p', tenantId: 't' })).toEqual({
      state: 'attached',
      kind: 'system',
      principalId: 'p',
      tenantId: 't',
    });
  });

  it('that is attached is told without what Azure left out', () => {
    expect(toIdentity(clientId, { userAssigned: [{ id: '/ids/a', clientId }] })).toEqual({
      state: 'attached',
      kind: 'user',
      id: '/ids/a',
      clientId,
    });
    expect(toIdentity('system', { type: 'systemassigned' })).toEqual({ state: 'attached', kind: 'system' });
  });

  it('that is detached is told by what encryption names', () => {
    expect(toIdentity(clientId)).toEqual({ state: 'detached', kind: 'user', clientId });
    expect(toIdentity(clientId, { type: 'userAssigned', userAssigned: [other] }).state).toBe('detached');
    expect(toIdentity('system')).toEqual({ state: 'detached', kind: 'system' });
    expect(toIdentity('system', { type: 'userAssigned', userAssigned: [other] }).state).toBe('detached');
  });

  it.each([
    ['nothing is told', clientId, {}],
    ['the list is left out', clientId, { type: 'userAssigned' }],
    [
      'one of the list has no client id',
      clientId,
      { type: 'userAssigned', userAssigned: [other, { id: '/ids/a' }] },
    ],
    ['the type is not documented', clientId, { type: 'systemAssigned, federated' }],
    ['the type is not documented', 'system', { type: 'federated' }],
    ['nothing is told', 'system', {}],
  ])('is unknown when %s, for %s', (_, named, identity) => {
    expect(toIdentity(named, identity)).toEqual({ state: 'unknown', reason: 'identities_not_shown' });
  });

  it('is unknown when encryption names none', () => {
    expect(toIdentity(undefined)).toEqual({ state: 'unknown', reason: 'encryption_identity_missing' });
  });
});
