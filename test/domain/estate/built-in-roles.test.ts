import { expect, it } from 'vitest';
import { builtInRoles } from '../../../simulator/tenant/built-in-roles.ts';
import { builtInRole } from '../../../src/domain/estate/built-in-roles.ts';
import { permitsAction, permitsDataAction } from '../../../src/domain/estate/role.ts';

const actions = [
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.KeyVault/vaults/write',
  'Microsoft.KeyVault/vaults/accessPolicies/write',
  'Microsoft.ContainerRegistry/registries/write',
];
const dataActions = ['read', 'wrap/action', 'unwrap/action'].map(
  (one) => `Microsoft.KeyVault/vaults/keys/${one}`,
);

it.each(Object.entries(builtInRoles))(
  'permits what Azure’s role does, or is read: %s',
  (name, { guid, ...body }) => {
    const known = builtInRole(
      `/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${guid.toUpperCase()}`,
    );
    if (!known) return;
    const permission = { actions: [], notActions: [], dataActions: [], notDataActions: [], ...body };
    const published = { state: 'found' as const, name, permissions: [permission] };
    if (known.state !== 'found') throw new Error('A role of the table is always known');
    expect(known.name).toBe(name);
    for (const action of actions) {
      expect([action, permitsAction(known, action)]).toEqual([action, permitsAction(published, action)]);
    }
    for (const action of dataActions) {
      expect([action, permitsDataAction(known, action)]).toEqual([
        action,
        permitsDataAction(published, action),
      ]);
    }
  },
);

it('knows no other role', () => {
  expect(builtInRole('')).toBeUndefined();
  expect(
    builtInRole('/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-4000-8000-000000000000'),
  ).toBeUndefined();
});
