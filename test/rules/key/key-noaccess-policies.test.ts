import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoleAssignments } from '../../../src/domain/estate/role.ts';
import { forbiddenAssignments, roleAssignments } from '../parts.ts';
import { found, identity, judge, keyedRegistry, place, vault } from '../postures.ts';

const rule = 'key_noaccess';
const { principalId } = identity;
const { tenantId } = place;
const group = '5e1d9a70-3c42-4b86-9f05-7a2b8c6d4e13';
const person = '93b7e2c5-60d8-4f1a-8e34-b5c09d7f2a61';
const all = ['get', 'wrapKey', 'unwrapKey'];

/** An access policy's entry: of the registry's own identity, unless it says otherwise. */
const entry = (keys: unknown, rest: Record<string, unknown> = {}) => ({
  tenantId,
  objectId: principalId,
  permissions: { keys, secrets: ['get'], certificates: [] },
  ...rest,
});
const judgeEntries = (
  accessPolicies: unknown[],
  {
    body = keyedRegistry(),
    keyRoles,
    vaultTenantId = tenantId,
  }: {
    body?: ReturnType<typeof keyedRegistry>;
    keyRoles?: RoleAssignments;
    vaultTenantId?: string | null;
  } = {},
) => {
  const properties = { enableRbacAuthorization: false, tenantId: vaultTenantId, accessPolicies };
  return judge(rule, body, { keyHolder: found(vault(properties)), ...(keyRoles ? { keyRoles } : {}) });
};

describe('passes with', () => {
  it.each([
    ['all three', [entry(all)]],
    ['more than these', [entry([...all, 'list', 'purge'])]],
    ['words in another casing', [entry(['GET', 'wrapkey', 'UnwrapKey'])]],
    ['"all"', [entry(['all'])]],
    ['"All"', [entry(['All'])]],
    ['an object id in another casing', [entry(all, { objectId: principalId.toUpperCase() })]],
    ['a tenant in another casing', [entry(all, { tenantId: tenantId.toUpperCase() })]],
    ['an application id that is null', [entry(all, { applicationId: null })]],
    ['two entries together', [entry(['get']), entry(['wrapKey', 'unwrapKey'])]],
    ['an odd entry beside a good one', ['odd', null, entry(null), entry(all), entry('all')]],
  ])('%s', (_, entries) => {
    expect(judgeEntries(entries)).toMatchObject({ outcome: 'pass', reason: 'access_granted' });
  });

  it('the tenant that the identity tells, also where the vault tells none', () => {
    const { identity: own } = keyedRegistry();
    const body = keyedRegistry({}, { identity: { ...(own as object), tenantId } });
    expect(judgeEntries([entry(all)], { body, vaultTenantId: null }).outcome).toBe('pass');
  });
});

describe('fails with', () => {
  it.each([
    ['no entry', [], []],
    ['unwrapKey alone missing', [entry(['get', 'wrapKey'])], ['get', 'wrapKey']],
    ['get alone missing', [entry(['wrapKey', 'unwrapKey'])], ['wrapKey', 'unwrapKey']],
    ['other permissions', [entry(['list', 'encrypt', 'decrypt', 'wrap', 'unwrap', 'gets'])], []],
    ['permissions on secrets alone', [entry(undefined)], []],
    ['permissions on keys that are null', [entry(null)], []],
    ['no permissions', [entry([], { permissions: undefined })], []],
    ['permissions that are null', [entry([], { permissions: null })], []],
    ['an entry for an application', [entry(all, { applicationId: person })], []],
    ['an entry of another tenant', [entry(all, { tenantId: person })], []],
    ['an entry of another tenant for somebody', [entry(all, { objectId: group, tenantId: person })], []],
    ['an application of a group', [entry(all, { objectId: group, applicationId: person })], []],
    ['a group that gives too little', [entry(['get']), entry(['wrapKey'], { objectId: group })], ['get']],
    ['an entry that is null', [null], []],
  ] as [string, unknown[], string[]][])('%s', (_, entries, granted) => {
    const verdict = judgeEntries(entries);
    expect(verdict).toMatchObject({ outcome: 'fail', reason: 'access_missing' });
    expect(verdict.evidence.values).toMatchObject({
      principalId,
      authorization: 'accessPolicies',
      granted,
      missing: all.filter((need) => !granted.includes(need)),
    });
  });

  it.each(['User', 'ServicePrincipal', 'Device', 'serviceprincipal'])(
    'an entry of somebody whom a role assignment tells to be a %s',
    (principalType) => {
      const keyRoles = roleAssignments({
        role: 'Reader',
        principalId: person.toUpperCase(),
        principalType: principalType as 'User',
      });
      expect(judgeEntries([entry(all, { objectId: person })], { keyRoles }).outcome).toBe('fail');
    },
  );

  it('an entry of another identity of the registry', () => {
    const other = { clientId: group, principalId: person };
    const userAssignedIdentities = { [identity.id]: identity, other };
    const body = keyedRegistry(
      {},
      { identity: { type: 'systemAssigned, userAssigned', principalId: group, userAssignedIdentities } },
    );
    for (const objectId of [person, group])
      expect(judgeEntries([entry(all, { objectId })], { body }).outcome).toBe('fail');
  });
});

describe('is unknown with', () => {
  it.each([
    ['a group that gives all', [entry(all, { objectId: group })]],
    [
      'a group that gives what is missing',
      [entry(['get']), entry(['wrapKey', 'unwrapKey'], { objectId: group })],
    ],
    [
      'two others that give it together',
      [entry(['get', 'wrapKey'], { objectId: group }), entry(['unwrapKey'], { objectId: person })],
    ],
    ['another one that tells no tenant', [entry(['all'], { objectId: group, tenantId: undefined })]],
    ['another one in an odd shape', [entry('all', { objectId: group })]],
  ])('%s', (_, entries) => {
    for (const keyRoles of [undefined, forbiddenAssignments, roleAssignments()])
      expect(judgeEntries(entries, keyRoles ? { keyRoles } : {})).toMatchObject({
        outcome: 'unknown',
        reason: 'access_through_group',
      });
  });

  it.each(['Group', 'ForeignGroup', undefined])(
    'somebody whom a role assignment tells to be a %s',
    (type) => {
      const keyRoles = roleAssignments({
        role: 'Reader',
        principalId: group,
        principalType: type as 'Group' | undefined,
      });
      expect(judgeEntries([entry(all, { objectId: group })], { keyRoles }).outcome).toBe('unknown');
    },
  );

  it.each([
    ['its own permissions as a text', [entry('all')]],
    ['its own permissions with what is no text', [entry(['all', 7])]],
    ['permissions that are a text', [entry([], { permissions: 'all' })]],
    ['its own entry without a tenant', [entry(all, { tenantId: undefined })]],
    ['an entry of nobody', [entry(all, { objectId: undefined })]],
    ['an entry that is a text', ['all']],
    ['an own odd entry beside a group', [entry('all'), entry(all, { objectId: group })]],
    ['an own odd entry that completes the set', [entry(['get']), entry({})]],
  ])('%s', (_, entries) => {
    expect(judgeEntries(entries)).toMatchObject({
      outcome: 'unknown',
      reason: 'access_policy_unrecognised',
    });
  });

  it('a tenant that neither the identity nor the vault tells', () => {
    const verdict = judgeEntries([entry(all)], { vaultTenantId: null });
    expect(verdict).toMatchObject({ outcome: 'unknown', reason: 'access_policy_unrecognised' });
    expect(judgeEntries([entry(['get'])], { vaultTenantId: null }).outcome).toBe('fail');
  });
});

describe('evidence', () => {
  it('names whose entries give access, each once', () => {
    const { evidence } = judgeEntries([entry(['get']), entry(['wrapKey', 'unwrapKey']), entry(['list'])]);
    expect(evidence.values).toMatchObject({ granted: all, missing: [], by: [principalId] });
  });

  it('names those that may give it, at most ten', () => {
    const others = Array.from({ length: 12 }, (_, at) => entry(all, { objectId: `group-${at}` }));
    const { evidence } = judgeEntries([entry(['get']), ...others]);
    expect(evidence.values).toMatchObject({ granted: ['get'], missing: ['wrapKey', 'unwrapKey'] });
    expect(evidence.values.by).toHaveLength(10);
    expect(evidence.values.by).not.toContain(principalId);
  });
});

const permissions = fc.subarray(['get', 'wrapKey', 'unwrapKey', 'list', 'all']);
const entries = fc.array(
  fc.record({
    keys: fc.oneof({ weight: 5, arbitrary: permissions }, fc.constant('odd')),
    objectId: fc.constantFrom(principalId, group, person),
    tenantId: fc.constantFrom(tenantId, tenantId, 'other'),
    applicationId: fc.constantFrom(undefined, undefined, person),
  }),
  { maxLength: 5 },
);
type Entry = Parameters<Parameters<typeof entries.map>[0]>[0][number];
const toEntry = ({ keys, ...rest }: Entry) => entry(keys, rest);
const worth = { fail: 0, unknown: 1, pass: 2, notApplicable: -1 };

describe('whatever the entries,', () => {
  it('one fewer never makes it better', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (some, at) => {
        const before = judgeEntries(some.map(toEntry)).outcome;
        const after = judgeEntries(some.toSpliced(at % (some.length || 1), 1).map(toEntry)).outcome;
        expect(worth[after]).toBeLessThanOrEqual(worth[before]);
      }),
    );
  });

  it('neither their order nor the casing of their words matters', () => {
    fc.assert(
      fc.property(entries, (some) => {
        const { outcome, reason } = judgeEntries(some.map(toEntry));
        const shouted = some.toReversed().map(({ keys, objectId, ...rest }) => ({
          ...rest,
          objectId: objectId.toUpperCase(),
          keys: typeof keys === 'string' ? keys : keys.map((key) => key.toUpperCase()),
        }));
        expect(judgeEntries(shouted.map(toEntry))).toMatchObject({ outcome, reason });
      }),
    );
  });

  it('it passes only if own entries grant all three', () => {
    fc.assert(
      fc.property(entries, (some) => {
        const own = some.filter(
          (one) => one.objectId === principalId && one.tenantId === tenantId && !one.applicationId,
        );
        const granted = new Set(own.flatMap(({ keys }) => (typeof keys === 'string' ? [] : keys)));
        const isComplete = granted.has('all') || all.every((need) => granted.has(need as 'get'));
        expect(judgeEntries(some.map(toEntry)).outcome === 'pass').toBe(isComplete);
      }),
    );
  });
});
