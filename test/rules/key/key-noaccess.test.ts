import { describe, expect, it } from 'vitest';
import type { RoleAssignments } from '../../../src/domain/estate/role.ts';
import { findRule } from '../../../src/rules/catalog.ts';
import { describeKeyHolderCases } from '../key-holder/key-holder-cases.ts';
import { forbiddenAssignments, roleAssignments } from '../parts.ts';
import { found, identity, judge, keyedRegistry, managedHsm, place, readingOf, vault } from '../postures.ts';

const rule = 'key_noaccess';
const role = 'Key Vault Crypto Service Encryption User';
/** A vault whose access policies give the registry's identity all. */
const toPolicyVault = (enableRbacAuthorization: unknown) => {
  const { tenantId } = place;
  const own = { tenantId, objectId: identity.principalId, permissions: { keys: ['all'] } };
  return found(vault({ enableRbacAuthorization, accessPolicies: [own] }));
};

describeKeyHolderCases(rule, undefined, { keyRoles: roleAssignments() });

it.each([
  ['roles', roleAssignments({ role })],
  ['no roles', roleAssignments()],
  ['unreadable roles', forbiddenAssignments],
  ['roles that were not read', undefined],
])('never tells of a Managed HSM, here with %s', (_, keyRoles) => {
  const parts = { keyHolder: found(managedHsm()), ...(keyRoles ? { keyRoles } : {}) };
  for (const body of [keyedRegistry(), keyedRegistry({ identity: undefined })])
    expect(judge(rule, body, parts)).toMatchObject({ outcome: 'unknown', reason: 'managed_hsm_local_roles' });
});

describe('the identity', () => {
  it.each([
    ['is not named', { identity: undefined }, {}, 'encryption_identity_missing'],
    ['is named by no known word', { identity: 'id-images' }, {}, 'encryption_identity_unrecognised'],
    ['is not shown', {}, { identity: { type: 'userAssigned' } }, 'identities_not_shown'],
    ['is detached', {}, { identity: undefined }, 'identity_detached'],
    ['is the system-assigned one and detached', { identity: 'system' }, {}, 'identity_detached'],
    [
      'has no object id',
      {},
      {
        identity: {
          type: 'userAssigned',
          userAssignedIdentities: { [identity.id]: { clientId: identity.clientId } },
        },
      },
      'principal_not_shown',
    ],
    [
      'is the system-assigned one without an object id',
      { identity: 'system' },
      { identity: { type: 'systemAssigned' } },
      'principal_not_shown',
    ],
  ])('that %s leaves it unknown', (_, key, rest, reason) => {
    for (const parts of [
      { keyHolder: found(vault()), keyRoles: roleAssignments({ role }) },
      { keyHolder: toPolicyVault(false) },
    ])
      expect(judge(rule, keyedRegistry(key, rest), parts)).toMatchObject({ outcome: 'unknown', reason });
  });

  it('can be the system-assigned one', () => {
    const principalId = '8c5c3fbf-a0b1-4c4b-a2c7-7ae4e23fa6c2';
    const body = keyedRegistry(
      { identity: 'System' },
      { identity: { type: 'systemAssigned', principalId, tenantId: place.tenantId } },
    );
    const keyRoles = roleAssignments({ role, principalId });
    const verdict = judge(rule, body, { keyHolder: found(vault()), keyRoles });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.evidence.values).toMatchObject({ principalId });
  });
});

describe('a vault', () => {
  it.each([undefined, null, false])(
    'with enableRbacAuthorization %j goes by access policies',
    (enableRbacAuthorization) => {
      const accessPolicies: unknown[] = [];
      const keyHolder = found(vault({ enableRbacAuthorization, accessPolicies }));
      const verdict = judge(rule, keyedRegistry(), { keyHolder, keyRoles: roleAssignments({ role }) });
      expect(verdict).toMatchObject({ outcome: 'fail', reason: 'access_missing', severity: 'high' });
      expect(verdict.evidence.values).toMatchObject({ authorization: 'accessPolicies' });
    },
  );

  it('with enableRbacAuthorization true goes by roles', () => {
    const keyHolder = toPolicyVault(true);
    const verdict = judge(rule, keyedRegistry(), { keyHolder, keyRoles: roleAssignments() });
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'access_missing' });
    expect(verdict.evidence.values).toMatchObject({ authorization: 'rbac' });
  });

  it.each(['true', 1, {}, 'rbac'])(
    'with enableRbacAuthorization %j leaves it unknown',
    (enableRbacAuthorization) => {
      const keyHolder = toPolicyVault(enableRbacAuthorization);
      const verdict = judge(rule, keyedRegistry(), { keyHolder, keyRoles: roleAssignments({ role }) });
      expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'authorization_mode_unrecognised' });
      expect(verdict.evidence.values).toMatchObject({ enableRbacAuthorization });
    },
  );

  it.each([undefined, null, 'none', {}])(
    'whose access policies are %j leaves it unknown',
    (accessPolicies) => {
      const keyHolder = found(vault({ enableRbacAuthorization: false, accessPolicies }));
      expect(judge(rule, keyedRegistry(), { keyHolder })).toMatchObject({
        outcome: 'unknown',
        reason: 'access_policies_missing',
      });
    },
  );
});

describe('role assignments', () => {
  it('that may not be read leave it unknown, and the missing action is named', () => {
    const verdict = judge(rule, keyedRegistry(), {
      keyHolder: found(vault()),
      keyRoles: forbiddenAssignments,
    });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'role_assignments_forbidden' });
    expect(verdict.evidence).toMatchObject({
      values: { missingAction: 'Microsoft.Authorization/roleAssignments/read' },
      read: [{ what: 'registry' }, { what: 'vault' }, { what: 'roleAssignments', status: 403 }],
    });
  });

  it('that are out of sight leave it unknown', () => {
    const keyRoles: RoleAssignments = {
      state: 'unreadable',
      reason: 'role_assignments_not_visible',
      readings: [readingOf('roleAssignments', 'key')],
    };
    const verdict = judge(rule, keyedRegistry(), { keyHolder: found(vault()), keyRoles });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'role_assignments_not_visible' });
  });

  it('that were not read, as no key is named, leave it unknown', () => {
    expect(judge(rule, keyedRegistry(), { keyHolder: found(vault()) })).toMatchObject({
      outcome: 'unknown',
      reason: 'key_identifier_unusable',
    });
  });
});

it('says that deny assignments are not read, and names the local role of a Managed HSM', () => {
  const { checks, remedy } = findRule(rule) ?? {};
  expect(checks).toMatch(/Deny assignments are not read/);
  expect(remedy).toMatch(/"Managed HSM Crypto Service Encryption User" at the key/);
});

describe('a vault of another tenant', () => {
  const another = '9f8e7d6c-5b4a-4938-8271-605f4e3d2c1b';
  const byRoles = (tenantId: unknown) => ({
    keyHolder: found(vault({ tenantId })),
    keyRoles: roleAssignments({ role }),
  });
  const byPolicies = (tenantId: unknown) => ({
    keyHolder: found(
      vault({
        tenantId,
        enableRbacAuthorization: false,
        accessPolicies: [place.tenantId, another].map((tenant) => ({
          tenantId: tenant,
          objectId: identity.principalId,
          permissions: { keys: ['all'] },
        })),
      }),
    ),
  });

  it.each([
    ['roles', byRoles],
    ['access policies', byPolicies],
  ])('refuses the identity, whatever it is granted by %s', (_, by) => {
    const verdict = judge(rule, keyedRegistry(), { ...by(another), tenantId: place.tenantId });
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'vault_of_another_tenant' });
    expect(verdict.evidence.values).toMatchObject({
      tenantId: place.tenantId,
      'properties.tenantId': another,
    });
  });

  it('is told by the identity’s own tenant before that of the subscription', () => {
    const body = { type: 'systemAssigned', principalId: identity.principalId, tenantId: place.tenantId };
    const registry = keyedRegistry({ identity: 'system' }, { identity: body });
    expect(judge(rule, registry, byRoles(another)).reason).toBe('vault_of_another_tenant');
    expect(judge(rule, registry, { ...byRoles(place.tenantId), tenantId: another }).outcome).toBe('pass');
  });

  it.each([
    ['the same tenant in another casing', place.tenantId.toUpperCase(), place.tenantId],
    ['a tenant of the vault that is not told', undefined, place.tenantId],
    ['a tenant of the registry that is not told', another, undefined],
  ])('is not one with %s', (_, ofVault, tenantId) => {
    const parts = { ...byRoles(ofVault), ...(tenantId ? { tenantId } : {}) };
    expect(judge(rule, keyedRegistry(), parts)).toMatchObject({ outcome: 'pass', reason: 'access_granted' });
  });
});
