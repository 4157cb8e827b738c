import { describe, expect, it } from 'vitest';
import type { RolePermission } from '../../../simulator/tenant/role-permission.ts';
import type { RoleAssignments } from '../../../src/domain/estate/role.ts';
import { type Assignment, customRole, keyId, roleAssignments, withCustomRole } from '../parts.ts';
import { found, identity, judge, keyedRegistry, place, vault } from '../postures.ts';

const rule = 'key_noaccess';
const group = '5e1d9a70-3c42-4b86-9f05-7a2b8c6d4e13';
const person = '93b7e2c5-60d8-4f1a-8e34-b5c09d7f2a61';
const all = ['get', 'wrapKey', 'unwrapKey'];
const service = 'Key Vault Crypto Service Encryption User';
const ofGroup = { principalId: group, principalType: 'Group' } as const;
const ofUnknown = { principalId: person, principalType: undefined };
const condition = "@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv-images'";

const judgeRoles = (keyRoles: RoleAssignments) =>
  judge(rule, keyedRegistry(), { keyHolder: found(vault()), keyRoles });
const judgeAssignments = (...assignments: Assignment[]) => judgeRoles(roleAssignments(...assignments));
const judgeCustom = (permission: Partial<RolePermission>, ...assignments: Assignment[]) =>
  judgeRoles(withCustomRole(roleAssignments({ role: customRole }, ...assignments), permission));
const on = (...actions: string[]) => actions.map((action) => `Microsoft.KeyVault/vaults/keys/${action}`);

describe('passes with', () => {
  it.each([service, 'Key Vault Crypto User', 'Key Vault Crypto Officer', 'Key Vault Administrator'] as const)(
    'the role %s',
    (role) => {
      const verdict = judgeAssignments({ role });
      expect(verdict).toMatchObject({ outcome: 'pass', reason: 'access_granted' });
      expect(verdict.evidence.values).toMatchObject({
        principalId: identity.principalId,
        authorization: 'rbac',
        granted: all,
        missing: [],
      });
    },
  );

  it.each([
    ['the key', keyId],
    ['the vault', vault().id],
    ['the resource group', `${place.subscription}/resourceGroups/rg-images`],
    ['the subscription', place.subscription],
    ['a management group', '/providers/Microsoft.Management/managementGroups/mg-platform'],
    ['the tenant', '/'],
  ])('a role at %s', (_, scope) => {
    expect(judgeAssignments({ role: service, scope }).outcome).toBe('pass');
  });

  it('a principal in another casing', () => {
    expect(judgeAssignments({ role: service, principalId: identity.principalId.toUpperCase() }).outcome).toBe(
      'pass',
    );
  });

  it.each([
    ['the three actions', { dataActions: on('read', 'wrap/action', 'unwrap/action') }],
    ['in another casing', { dataActions: on('READ', 'Wrap/Action', 'UNWRAP/ACTION') }],
    ['a wildcard at the end', { dataActions: on('*') }],
    ['wildcards in the middle', { dataActions: ['Microsoft.KeyVault/*/read', 'Microsoft.*/*wrap/action'] }],
    ['a wildcard alone', { dataActions: ['*'] }],
    ['exclusions of others', { dataActions: on('*'), notDataActions: on('delete', 'encrypt/action') }],
  ])('a custom role of %s', (_, permission) => {
    expect(judgeCustom(permission).outcome).toBe('pass');
  });

  it('two roles together', () => {
    const verdict = judgeCustom(
      { dataActions: on('wrap/action', 'unwrap/action') },
      { role: 'Key Vault Reader' },
    );
    expect(verdict.outcome).toBe('pass');
    expect(verdict.evidence.values.by).toHaveLength(2);
  });

  it('certain access, whatever else is in doubt', () => {
    const doubtful: Assignment[] = [
      { role: service, condition },
      { role: customRole },
      { role: service, ...ofGroup },
      { role: customRole, ...ofUnknown },
    ];
    expect(judgeAssignments(...doubtful, { role: service })).toMatchObject({
      outcome: 'pass',
      reason: 'access_granted',
    });
  });
});

describe('fails with', () => {
  it.each([
    ['no assignment', [], []],
    ['a role on registries', [{ role: 'AcrPull' }], []],
    ['a role that reads alone', [{ role: 'Key Vault Reader' }], ['get']],
    ['the role of an owner, who may do anything but use keys', [{ role: 'Owner' }], []],
    ['a role of somebody else', [{ role: service, principalId: person }], []],
    ['a role of a user', [{ role: service, principalId: person, principalType: 'User' as const }], []],
    ['a group that gives too little', [{ role: 'Key Vault Reader', ...ofGroup }], []],
    ['a condition on too little', [{ role: 'Key Vault Reader', condition }], []],
  ] as [string, Assignment[], string[]][])('%s', (_, assignments, granted) => {
    const verdict = judgeAssignments(...assignments);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'access_missing' });
    expect(verdict.evidence.values).toMatchObject({
      granted,
      missing: all.filter((need) => !granted.includes(need)),
    });
  });

  it.each([
    ['without unwrap', { dataActions: on('read', 'wrap/action') }],
    ['that excludes unwrap', { dataActions: on('*'), notDataActions: on('unwrap/action') }],
    ['that excludes by a wildcard', { dataActions: ['*'], notDataActions: on('*/ACTION') }],
    [
      'that excludes everything',
      { dataActions: on('read', 'wrap/action', 'unwrap/action'), notDataActions: ['*'] },
    ],
    ['on the control plane alone', { actions: ['*', ...on('read', 'wrap/action', 'unwrap/action')] }],
    ['for secrets', { dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] }],
    ['of actions that only begin alike', { dataActions: on('rea', 'wrap/actions', 'unwrap') }],
    ['that permits nothing', {}],
  ])('a custom role %s', (_, permission) => {
    expect(judgeCustom(permission)).toMatchObject({ outcome: 'fail', reason: 'access_missing' });
  });

  it('a role of somebody of unknown type whom another assignment tells to be no group', () => {
    const told = { role: 'Reader', principalId: person.toUpperCase() } as const;
    expect(judgeAssignments({ role: service, ...ofUnknown }, told).outcome).toBe('fail');
  });

  it('a role of another identity of the registry, though its type is not told', () => {
    const userAssignedIdentities = {
      [identity.id]: identity,
      other: { clientId: group, principalId: person },
    };
    const body = keyedRegistry({}, { identity: { type: 'userAssigned', userAssignedIdentities } });
    const keyRoles = roleAssignments({ role: service, ...ofUnknown });
    expect(judge(rule, body, { keyHolder: found(vault()), keyRoles }).outcome).toBe('fail');
  });
});

describe('is unknown', () => {
  it.each([
    ['with a condition', [{ role: service, condition }], 'access_conditional'],
    ['with a role that can’t be read', [{ role: customRole }], 'role_unreadable'],
    ['with a condition on one', [{ role: customRole, condition }], 'access_conditional'],
    ['through a group', [{ role: service, ...ofGroup }], 'access_through_group'],
    [
      'through a foreign group',
      [{ role: service, principalId: group, principalType: 'ForeignGroup' as const }],
      'access_through_group',
    ],
    ['through a group’s unreadable role', [{ role: customRole, ...ofGroup }], 'access_through_group'],
    [
      'through a group’s role with a condition',
      [{ role: service, ...ofGroup, condition }],
      'access_through_group',
    ],
    ['through somebody of unknown type', [{ role: service, ...ofUnknown }], 'access_principal_unknown'],
    [
      'through somebody whom another assignment tells to be a group',
      [
        { role: service, principalId: group, principalType: undefined },
        { role: 'Reader', ...ofGroup },
      ],
      'access_through_group',
    ],
    [
      'where own and doubtful roles complete the set together',
      [{ role: 'Key Vault Reader' }, { role: service, ...ofGroup }],
      'access_through_group',
    ],
    [
      'for the first of several doubts: a condition',
      [
        { role: service, ...ofUnknown },
        { role: service, ...ofGroup },
        { role: customRole },
        { role: service, condition },
      ],
      'access_conditional',
    ],
    [
      'for the first of several doubts: a role',
      [{ role: service, ...ofUnknown }, { role: service, ...ofGroup }, { role: customRole }],
      'role_unreadable',
    ],
    [
      'for the first of several doubts: a group',
      [
        { role: service, ...ofUnknown },
        { role: service, ...ofGroup },
      ],
      'access_through_group',
    ],
    [
      'but not for a doubt about what is certain anyway',
      [{ role: 'Key Vault Reader' }, { role: 'Key Vault Reader', condition }, { role: service, ...ofGroup }],
      'access_through_group',
    ],
  ] as [string, Assignment[], string][])('%s', (_, assignments, reason) => {
    expect(judgeAssignments(...assignments)).toMatchObject({ outcome: 'unknown', reason });
  });

  it.each(['ServicePrincipal', 'User', undefined] as const)(
    'with an assignment of a %s that does not tell whose it is',
    (principalType) => {
      const verdict = judgeAssignments({ role: service, principalId: '', principalType });
      expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'access_principal_unknown' });
    },
  );

  it('names the assignments that may give access', () => {
    const { evidence } = judgeAssignments({ role: 'Key Vault Reader' }, { role: service, ...ofGroup });
    expect(evidence.values).toMatchObject({ granted: ['get'], missing: ['wrapKey', 'unwrapKey'] });
    expect(evidence.values.by).toEqual([
      expect.stringContaining(`${keyId}/providers/Microsoft.Authorization`),
    ]);
  });
});
