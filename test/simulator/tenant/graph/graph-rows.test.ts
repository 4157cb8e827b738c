import { describe, expect, test } from 'vitest';
import { managedHsmBody, vaultBody } from '../../../../simulator/tenant/key-holder-body.ts';
import { identityBody, managedIdentity } from '../../../../simulator/tenant/managed-identity.ts';
import { registryBody, systemPrincipalId } from '../../../../simulator/tenant/registry-body.ts';
import { roleAssignmentBody } from '../../../../simulator/tenant/role-assignment-body.ts';
import { roleDefinitionBody } from '../../../../simulator/tenant/role-definition-body.ts';
import { first, firstId, second, secondId, startGraph, tenantId } from './graph-client.ts';

const place = { tenantId, subscription: first, group: 'rg', location: 'westeurope' };
const identity = managedIdentity(first, 'rg', 'id-images');
const registry = (name: string, identities: Parameters<typeof registryBody>[0]['identities'] & {}) =>
  registryBody({ subscription: first, group: 'rg', name, location: 'westeurope', identities });

describe('what the rules need is in the rows', () => {
  const networkAcls = { bypass: 'None', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] };
  const resources = [
    vaultBody({ ...place, name: 'kv-policies', readers: [identity], properties: { networkAcls } }),
    vaultBody({ ...place, name: 'kv-roles' }),
    managedHsmBody({ ...place, name: 'hsm' }, { regions: [{ name: 'northeurope', isPrimary: false }] }),
    identityBody(identity, 'westeurope', tenantId),
    registry('images', [identity]),
    registry('tools', 'system'),
  ];
  const properties = async (name: string) => {
    const { rows } = await startGraph({ resources });
    return (await rows(`resources | where name == '${name}' | project properties`))[0]?.properties;
  };

  test('of vaults', async () => {
    expect(await properties('kv-policies')).toMatchObject({
      tenantId,
      accessPolicies: [
        {
          tenantId,
          objectId: identity.principalId,
          permissions: { keys: ['get', 'unwrapKey', 'wrapKey'] },
        },
      ],
      enableRbacAuthorization: false,
      networkAcls,
      publicNetworkAccess: 'Enabled',
    });
    expect(await properties('kv-roles')).toMatchObject({ accessPolicies: [], enableRbacAuthorization: true });
  });

  test('of Managed HSMs and identities', async () => {
    expect(await properties('hsm')).toMatchObject({
      regions: [{ name: 'northeurope', isPrimary: false }],
      securityDomainProperties: { activationStatus: 'Active' },
    });
    const { clientId, principalId } = identity;
    expect(await properties('id-images')).toEqual({ tenantId, clientId, principalId });
  });

  test('of registries: their identities, on demand without ids', async () => {
    const { tenant, rows } = await startGraph({ resources });
    const identities = async () =>
      (await rows("resources | where type has 'registries' | project id, identity | order by id asc")).map(
        (row) => row.identity,
      );
    const { id, clientId, principalId } = identity;
    const whole = [
      { type: 'userAssigned', userAssignedIdentities: { [id]: { clientId, principalId } } },
      { type: 'systemAssigned', tenantId: expect.any(String), principalId: systemPrincipalId('tools') },
    ];
    expect(await identities()).toEqual(whole);
    tenant.graph.identityIdsLeftOut = true;
    expect(await identities()).toEqual([
      { type: 'userAssigned', userAssignedIdentities: { [id]: {} } },
      { type: 'systemAssigned', tenantId: expect.any(String) },
    ]);
    expect(await rows("resources | where name == 'id-images' | project properties.clientId")).toEqual([
      { properties_clientId: clientId },
    ]);
    tenant.graph.identityIdsLeftOut = false;
    expect(await identities()).toEqual(whole);
  });
});

describe('rows about roles', () => {
  const role = (roleName: string, scope: string) =>
    roleDefinitionBody({ roleName, assignableScopes: [scope], dataActions: ['*'] });
  const landing = '/providers/Microsoft.Management/managementGroups/landing';
  const managementGroups = [{ name: 'landing', displayName: 'Landing zones', subscriptions: [firstId] }];
  const resources = [
    vaultBody({ ...place, name: 'kv' }),
    role('First role', first),
    role('Second role', `${second}/resourceGroups/rg`),
    role('Landing role', landing),
    roleAssignmentBody({ scope: first, role: 'Owner', principalId: 'someone', name: 'owner' }),
  ];

  test('show custom roles where they can be assigned, and built-in ones', async () => {
    const { values, rows } = await startGraph({ resources, managementGroups });
    const query = `authorizationresources | where type =~ 'microsoft.authorization/roledefinitions'
      and properties.type == 'CustomRole' | project properties.roleName`;
    expect(await values(query)).toEqual(['First role', 'Landing role', 'Second role']);
    expect(await values(query, { subscriptions: [firstId] })).toEqual(['First role', 'Landing role']);
    expect(await values(query, { subscriptions: [secondId] })).toEqual(['Second role']);
    const guid = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
    const where = `where name == '${guid}' | project id, type, properties.permissions`;
    expect(await rows(`authorizationresources | ${where}`)).toMatchObject([
      {
        id: `/providers/Microsoft.Authorization/RoleDefinitions/${guid}`,
        type: 'microsoft.authorization/roledefinitions',
        properties_permissions: [
          { dataActions: expect.arrayContaining(['Microsoft.KeyVault/vaults/keys/wrap/action']) },
        ],
      },
    ]);
  });

  test('name an assignment’s role without a subscription', async () => {
    const { rows } = await startGraph({ resources });
    const where = "where name == 'owner' | project id, properties.roleDefinitionId";
    expect(await rows(`authorizationresources | ${where}`)).toEqual([
      {
        id: `${first}/providers/Microsoft.Authorization/roleAssignments/owner`,
        properties_roleDefinitionId:
          '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
      },
    ]);
  });
});
