import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assignment, customRole, keyId, roleAssignments } from '../parts.ts';
import { found, identity, judge, keyedRegistry, vault } from '../postures.ts';

const group = '5e1d9a70-3c42-4b86-9f05-7a2b8c6d4e13';
const person = '93b7e2c5-60d8-4f1a-8e34-b5c09d7f2a61';
const service = 'Key Vault Crypto Service Encryption User';
const condition = "@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'kv-images'";

const judgeAssignments = (...assignments: Assignment[]) =>
  judge('key_noaccess', keyedRegistry(), {
    keyHolder: found(vault()),
    keyRoles: roleAssignments(...assignments),
  });

const assignments = fc.array(
  fc.record({
    role: fc.constantFrom<Assignment['role'][]>(service, 'Key Vault Reader', 'Owner', customRole),
    principalId: fc.constantFrom(identity.principalId, group, person),
    principalType: fc.constantFrom('ServicePrincipal' as const, 'Group' as const, undefined),
    scope: fc.constantFrom(keyId, vault().id, '/'),
  }),
  { maxLength: 5 },
);
const withConditions = fc
  .tuple(assignments, fc.infiniteStream(fc.boolean()))
  .map(([some, hasCondition]) =>
    some.map((one): Assignment => (hasCondition.next().value ? { ...one, condition } : one)),
  );
const worth = { fail: 0, unknown: 1, pass: 2, notApplicable: -1 };

describe('whatever the assignments,', () => {
  it('one fewer never turns a fail into a pass, and own ones fewer never make it better', () => {
    fc.assert(
      fc.property(withConditions, fc.nat(), (some, at) => {
        const removed = at % (some.length || 1);
        const before = judgeAssignments(...some).outcome;
        const after = judgeAssignments(...some.toSpliced(removed, 1)).outcome;
        if (before !== 'pass') expect(after).not.toBe('pass');
        if (some[removed]?.principalId === identity.principalId)
          expect(worth[after]).toBeLessThanOrEqual(worth[before]);
      }),
    );
  });

  it('their order does not matter', () => {
    fc.assert(
      fc.property(withConditions, (some) => {
        const { outcome, reason } = judgeAssignments(...some);
        expect(judgeAssignments(...some.toReversed())).toMatchObject({ outcome, reason });
      }),
    );
  });

  it('it passes only if an own one without a condition gives access', () => {
    fc.assert(
      fc.property(withConditions, (some) => {
        const isGranted = some.some(
          (one) => one.principalId === identity.principalId && one.role === service && !one.condition,
        );
        expect(judgeAssignments(...some).outcome === 'pass').toBe(isGranted);
      }),
    );
  });
});
