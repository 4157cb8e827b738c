import { describe, expect, it } from 'vitest';
import { toCustody } from '../../../../src/domain/estate/access/custody.ts';
import type { FoundKeyHolder } from '../../../../src/domain/estate/key-holder.ts';
import type { Posture } from '../../../../src/domain/estate/posture.ts';
import type { Reading } from '../../../../src/domain/estate/reading.ts';
import { parseRegistryId, type ResourceId } from '../../../../src/domain/estate/resource-id.ts';
import type { Role, RoleAssignment, RoleAssignments } from '../../../../src/domain/estate/role.ts';

const vaultId = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv';
const registryId = `/subscriptions/${'0'.repeat(8)}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/images`;
const reading: Reading = { what: 'registry', id: registryId, at: '', from: 'GET', status: 200 };
const nothing = { actions: [], notActions: [], dataActions: [], notDataActions: [] };

const roles = new Map<string, Role>([
  ['owner', toRole('Owner', { actions: ['*'] })],
  ['contributor', toRole('Contributor', { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] })],
  ['granter', toRole('User Access Administrator', { actions: ['Microsoft.Authorization/*'] })],
  ['pusher', toRole('Registries', { actions: ['Microsoft.ContainerRegistry/registries/*'] })],
  ['crypto', toRole('Crypto', { dataActions: ['Microsoft.KeyVault/vaults/keys/*'] })],
  ['puller', toRole('Pull', { actions: ['*/read'] })],
]);

function toRole(name: string, permission: Partial<typeof nothing> | Record<string, string[]>): Role {
  return { state: 'found', name, permissions: [{ ...nothing, ...permission }] };
}

function assign(principalId: string, role: string, rest: Partial<RoleAssignment> = {}): RoleAssignment {
  const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  return {
    id: `${principalId}-${role}`,
    principalId,
    principalType: 'User',
    roleDefinitionId,
    scope: vaultId,
    ...rest,
  };
}

function found(assignments: RoleAssignment[]): RoleAssignments {
  return { state: 'found', assignments, roles, readings: [] };
}

function custodyOf(
  atKey: RoleAssignments | RoleAssignment[],
  atRegistry: RoleAssignments | RoleAssignment[],
  rest: Partial<FoundKeyHolder> = {},
) {
  const holder: FoundKeyHolder = {
    state: 'found',
    kind: 'vault',
    id: vaultId,
    name: 'kv',
    rbacAuthorization: true,
    network: { hasRules: false, addressRules: 0, subnetRules: 0, privateEndpoints: 0 },
    regions: [],
    readings: [],
    ...rest,
  };
  const posture: Posture = {
    registry: {
      id: parseRegistryId(registryId) as ResourceId,
      location: 'westeurope',
      identity: { userAssigned: [{ id: 'id-images', principalId: 'IDENTITY' }] },
      reading,
    },
    keyHolder: holder,
    keyRoles: Array.isArray(atKey) ? found(atKey) : atKey,
    registryRoles: Array.isArray(atRegistry) ? found(atRegistry) : atRegistry,
  };
  return toCustody(posture, holder);
}

const ids = (custodians: { principalId: string }[]) => custodians.map(({ principalId }) => principalId);

describe('who can unwrap', () => {
  it('are those whose role has the data action, with all that gives it to them', () => {
    const { canUnwrap } = custodyOf(
      [
        assign('ann', 'crypto'),
        assign('ANN', 'crypto', { scope: '/' }),
        assign('bob', 'owner'),
        assign('identity', 'crypto'),
      ],
      [],
    );
    expect(canUnwrap).toMatchObject([
      {
        principalId: 'ann',
        kind: 'individual',
        isCertain: true,
        grants: [{ scope: vaultId }, { scope: '/' }],
      },
      { principalId: 'identity', kind: 'individual', identityId: 'id-images' },
    ]);
    expect(canUnwrap[0]?.grants[0]).toEqual({ by: 'role', id: 'ann-crypto', role: 'Crypto', scope: vaultId });
  });

  it('are those of the access policies where the vault goes by them, whatever their roles', () => {
    const accessPolicies = [
      { objectId: 'all', keys: ['all'] },
      { objectId: 'unwrap', keys: ['get', 'unwrapkey'] },
      { objectId: 'wrap', keys: ['get', 'wrapkey'] },
      { objectId: 'odd' },
      { objectId: 'app', applicationId: 'x', keys: ['unwrapkey'] },
    ];
    const { canUnwrap } = custodyOf([assign('ann', 'crypto')], [], {
      rbacAuthorization: undefined,
      accessPolicies,
    });
    expect(ids(canUnwrap)).toEqual(['all', 'unwrap', 'odd', 'app']);
    expect(canUnwrap.find(({ principalId }) => principalId === 'app')).toMatchObject({ isCertain: false });
    expect(canUnwrap[0]?.kind).toBe('unknown');
  });

  it('are not known of a Managed HSM', () => {
    const custody = custodyOf([assign('ann', 'crypto')], [], { kind: 'managedHsm' });
    expect(custody).toMatchObject({
      canUnwrap: [],
      canChangeAccess: [],
      doubts: ['managed_hsm_local_roles'],
    });
  });
});

describe('who can change access', () => {
  it('are those who may grant roles, in a vault that goes by roles', () => {
    const { canChangeAccess } = custodyOf(
      ['owner', 'contributor', 'granter', 'crypto'].map((role) => assign(role, role)),
      [],
    );
    expect(ids(canChangeAccess)).toEqual(['owner', 'granter']);
  });

  it('are those who may write the vault, where that goes by access policies', () => {
    const { canChangeAccess } = custodyOf(
      ['owner', 'contributor', 'granter', 'crypto'].map((role) => assign(role, role)),
      [],
      { rbacAuthorization: false, accessPolicies: [] },
    );
    expect(ids(canChangeAccess)).toEqual(['owner', 'contributor']);
  });
});

describe('who is in both camps', () => {
  it('is told by object id, in any casing', () => {
    const { inBoth, canManageRegistry } = custodyOf(
      [assign('ann', 'owner'), assign('bob', 'granter')],
      [assign('ANN', 'pusher'), assign('cid', 'contributor'), assign('dan', 'puller')],
    );
    expect(ids(canManageRegistry)).toEqual(['ANN', 'cid']);
    expect(inBoth).toEqual(['ann']);
  });

  it('is nobody for certain by a condition or a role that could not be read, which is a doubt', () => {
    for (const unsure of [assign('ann', 'owner', { condition: 'x' }), assign('ann', 'unread')]) {
      const { inBoth, doubts } = custodyOf([unsure], [assign('ann', 'pusher')]);
      expect(inBoth).toEqual([]);
      expect(doubts).toEqual(['grant_in_doubt']);
    }
  });

  it('is nobody for certain by a group in one of them, which is a doubt', () => {
    const group = assign('team', 'owner', { principalType: 'Group' });
    expect(custodyOf([group], [assign('ann', 'pusher')])).toMatchObject({
      inBoth: [],
      doubts: ['members_of_groups_unknown'],
    });
    expect(custodyOf([group], []).doubts).toEqual([]);
    expect(custodyOf([group], [assign('team', 'pusher', { principalType: 'Group' })]).inBoth).toEqual([
      'team',
    ]);
  });

  it('is not known of principals whose type is not told', () => {
    const { principalType: _, ...untyped } = assign('x', 'owner');
    expect(custodyOf([untyped], [assign('ann', 'pusher')]).doubts).toEqual(['principal_type_unknown']);
  });

  it('is not known of assignments that name nobody', () => {
    const { inBoth, doubts } = custodyOf([assign('', 'owner')], [assign('', 'pusher')]);
    expect(inBoth).toEqual([]);
    expect(doubts).toContain('principal_type_unknown');
  });

  it('is not known where role assignments could not be read', () => {
    const unreadable: RoleAssignments = {
      state: 'unreadable',
      reason: 'role_assignments_forbidden',
      readings: [],
    };
    expect(custodyOf(unreadable, [assign('ann', 'pusher')]).doubts).toEqual(['role_assignments_forbidden']);
  });
});
