import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  permitsAction,
  permitsDataAction,
  type RolePermission,
  toPrincipalKind,
  toRoleId,
} from '../../../src/domain/estate/role.ts';

const unwrap = 'Microsoft.KeyVault/vaults/keys/unwrap/action';
const toRole = (...permissions: Partial<RolePermission>[]) => ({
  state: 'found' as const,
  permissions: permissions.map((one) => ({
    ...{ actions: [], notActions: [], dataActions: [], notDataActions: [] },
    ...one,
  })),
});

describe('a pattern', () => {
  it.each([
    unwrap,
    unwrap.toLowerCase(),
    unwrap.toUpperCase(),
    ` ${unwrap} `,
    '*',
    '**',
    'Microsoft.KeyVault/*',
    'microsoft.keyvault/VAULTS/keys/*',
    '*/action',
    'Microsoft.KeyVault/*/unwrap/action',
    'Microsoft.*/keys/*/action',
    '*/vaults/*unwrap*',
    `${unwrap}*`,
    `*${unwrap}`,
  ])('%j matches', (pattern) => {
    expect(permitsDataAction(toRole({ dataActions: [pattern] }), unwrap)).toBe(true);
    expect(permitsAction(toRole({ actions: [pattern] }), unwrap)).toBe(true);
  });

  it.each([
    '',
    'unwrap',
    'Microsoft.KeyVault/vaults/keys/unwrap',
    'Microsoft.KeyVault/vaults/keys/unwrap/actions',
    'Microsoft_KeyVault/vaults/keys/unwrap/action',
    'Microsoft.KeyVault/vaults/keys/wrap/action',
    'Microsoft.KeyVault/vaults/secrets/*',
    '*/unwrap',
    'keys/*',
    'Microsoft.KeyVault/vaults/keys/unwrap/action*/action',
    '*/unwrap/*/unwrap/action',
    '.*',
    'Microsoft.KeyVault/vaults/keys/(un)?wrap/action',
  ])('%j does not match', (pattern) => {
    expect(permitsDataAction(toRole({ dataActions: [pattern] }), unwrap)).toBe(false);
    expect(permitsAction(toRole({ actions: [pattern] }), unwrap)).toBe(false);
  });

  it('matches where any text replaces its wildcards', () => {
    const text = fc.stringMatching(/^[a-z./]{0,6}$/);
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 5 }),
        fc.array(text, { minLength: 5 }),
        (parts, fill) => {
          const action = parts.reduce((whole, part, at) => `${whole}${fill[at]}${part}`);
          expect(permitsAction(toRole({ actions: [parts.join('*')] }), action)).toBe(true);
        },
      ),
    );
  });

  it('of very many wildcards is matched in no time', () => {
    const pattern = `${'*a'.repeat(2000)}b`;
    expect(permitsAction(toRole({ actions: [pattern] }), 'a'.repeat(5000))).toBe(false);
  });
});

describe('a role', () => {
  it.each([
    ['without permissions', [], false],
    ['of the control plane alone', [{ actions: ['*'] }], false],
    ['that excludes the action', [{ dataActions: ['*'], notDataActions: [unwrap] }], false],
    ['that excludes it by a wildcard', [{ dataActions: [unwrap], notDataActions: ['*/UNWRAP/*'] }], false],
    ['that excludes another action', [{ dataActions: ['*'], notDataActions: ['*/delete'] }], true],
    ['whose control plane excludes it', [{ dataActions: ['*'], notActions: ['*'] }], true],
    ['one of whose blocks permits it', [{ dataActions: ['*/read'] }, { dataActions: [unwrap] }], true],
    [
      'one of whose blocks excludes what another permits',
      [{ dataActions: ['*'], notDataActions: ['*'] }, { dataActions: [unwrap] }],
      true,
    ],
    ['one of whose blocks excludes and no other permits', [{ notDataActions: [unwrap] }, {}], false],
  ] as [string, Partial<RolePermission>[], boolean][])('%s', (_, permissions, expected) => {
    expect(permitsDataAction(toRole(...permissions), unwrap)).toBe(expected);
  });

  it('of the data plane alone permits nothing on the control plane', () => {
    expect(permitsAction(toRole({ dataActions: ['*'] }), unwrap)).toBe(false);
    expect(permitsAction(toRole({ actions: ['*'], notActions: [unwrap] }), unwrap)).toBe(false);
  });

  it.each([
    '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/E147488A-f6f5-4113-8e2d-b22465e65bf6',
    '/providers/Microsoft.Authorization/RoleDefinitions/e147488a-F6F5-4113-8e2d-b22465e65bf6',
    'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  ])('goes by the same id in any scope: %s', (id) => {
    expect(toRoleId(id)).toBe('e147488a-f6f5-4113-8e2d-b22465e65bf6');
  });
});

it.each([
  ['User', 'individual'],
  ['ServicePrincipal', 'individual'],
  ['serviceprincipal', 'individual'],
  ['Device', 'individual'],
  ['Group', 'group'],
  ['FOREIGNGROUP', 'group'],
  ['Unknown', 'unknown'],
  ['DirectoryObjectOrGroup', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('a principal of type %j is: %s', (type, kind) => {
  expect(toPrincipalKind(type)).toBe(kind);
});
