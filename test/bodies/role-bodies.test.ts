import { describe, expect, it } from 'vitest';
import { builtInRoles } from '../../simulator/tenant/built-in-roles.ts';
import { roleAssignmentBody } from '../../simulator/tenant/role-assignment-body.ts';
import { builtInRoleBody } from '../../simulator/tenant/role-definition-body.ts';
import { toListedRoles, toRole, toRoleAssignment } from '../../src/bodies/roles.ts';
import { ReadFailure } from '../../src/domain/estate/read-failure.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';

const scope = '/subscriptions/6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b/resourceGroups/rg-images';
const principalId = '93b7e2c5-60d8-4f1a-8e34-b5c09d7f2a61';
const role = 'Key Vault Crypto User';
const body = roleAssignmentBody({ scope, role, principalId });
const withProperties = (properties: Record<string, unknown>) => ({
  ...body,
  properties: { ...body.properties, ...properties },
});

describe('the body of a role assignment', () => {
  it('gives who has which role where, and nothing of who gave it', () => {
    const read = toRoleAssignment(body);
    expect(read).toEqual({
      id: body.id,
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: body.properties?.roleDefinitionId,
      scope,
    });
    expect(JSON.stringify(read)).not.toMatch(/createdBy|createdOn/);
  });

  it('gives its condition', () => {
    const condition = '@Resource[a:b] StringEquals 1';
    expect(toRoleAssignment(withProperties({ condition: ` ${condition}\n` }))).toMatchObject({ condition });
    expect(toRoleAssignment(withProperties({ condition: { odd: true } }))).toMatchObject({
      condition: '{"odd":true}',
    });
    for (const none of [null, undefined, '', ' '])
      expect(toRoleAssignment(withProperties({ condition: none }))).not.toHaveProperty('condition');
  });

  it.each([
    ['the tenant', '/', '/'],
    ['a resource group', scope, scope],
  ])('gives the scope that its own id tells where it names none: %s', (_, at, expected) => {
    const bare = roleAssignmentBody({ scope: at, role, principalId });
    const { scope: __, ...properties } = bare.properties ?? {};
    expect(toRoleAssignment({ ...bare, properties })).toMatchObject({ scope: expected });
  });

  it('is read without the type of the principal, as old ones have none', () => {
    expect(toRoleAssignment(withProperties({ principalType: null }))).not.toHaveProperty('principalType');
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a list', []],
    ['a text', 'assignment'],
    ['an object without properties', { properties: null }],
  ])('may be anybody’s, and of any role, when it is %s', (_, odd) => {
    expect(toRoleAssignment(odd)).toEqual({ id: '', principalId: '', roleDefinitionId: '', scope: '/' });
  });

  it('tells the rest when it does not tell whose it is, or of which role', () => {
    expect(toRoleAssignment(withProperties({ principalId: null }))).toMatchObject({
      id: body.id,
      principalId: '',
    });
    expect(toRoleAssignment(withProperties({ roleDefinitionId: undefined }))).toMatchObject({
      principalId,
      roleDefinitionId: '',
    });
  });
});

describe('the body of a role definition', () => {
  const reading: Reading = { what: 'roleDefinition', id: 'role', at: '', from: 'GET', status: 200 };
  const read = (body: unknown) => toRole(body, reading);
  const toPermissions = (...permissions: unknown[]) => read({ properties: { roleName: 'r', permissions } });

  it('gives its name and what it permits', () => {
    expect(read(builtInRoleBody(role, builtInRoles[role]))).toMatchObject({
      state: 'found',
      name: role,
      permissions: [{ dataActions: expect.arrayContaining(['Microsoft.KeyVault/vaults/keys/read']) }],
    });
  });

  it('reads lists that are left out as empty ones', () => {
    const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
    const { roleName: _, ...unnamed } = { roleName: 'r', permissions: [{}] };
    expect(read({ properties: unnamed })).toEqual({ state: 'found', permissions: [none] });
    expect(toPermissions({ actions: ['a'], notDataActions: null })).toEqual({
      state: 'found',
      name: 'r',
      permissions: [{ ...none, actions: ['a'] }],
    });
    expect(toPermissions()).toEqual({ state: 'found', name: 'r', permissions: [] });
  });

  it.each([
    ['a list that is a text', { dataActions: '*' }],
    ['a list with what is no text', { dataActions: ['*', 7] }],
    ['exclusions in another shape', { dataActions: ['*'], notDataActions: {} }],
    ['a text', '*'],
    ['a list', ['*']],
    ['null', null],
  ])('is unreadable when a permission is %s', (_, permission) => {
    expect(toPermissions(permission)).toEqual({ state: 'unreadable' });
    expect(toPermissions({ dataActions: ['*'] }, permission)).toEqual({ state: 'unreadable' });
  });

  it.each([{ properties: {} }, { properties: { permissions: {} } }])('is unreadable when it is %j', (odd) => {
    expect(read(odd)).toEqual({ state: 'unreadable' });
  });

  it.each([undefined, null, {}, [], 'role', { properties: null }])(
    'is a failed call when it is %j',
    (odd) => {
      expect(() => read(odd)).toThrow(ReadFailure);
      expect(toListedRoles(odd, reading)).toEqual([]);
    },
  );

  it('is found in a list by the last part of its id', () => {
    const body = builtInRoleBody(role, builtInRoles[role]);
    const id = `/subscriptions/x${body.id.toUpperCase()}`;
    expect(toListedRoles({ ...body, id }, reading)).toEqual([[builtInRoles[role].guid, read(body)]]);
    expect(toListedRoles({ ...body, id: undefined }, reading)).toEqual([]);
  });
});
