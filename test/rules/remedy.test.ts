import { describe, expect, it } from 'vitest';
import type { Posture } from '../../src/domain/estate/posture.ts';
import type { RoleAssignments } from '../../src/domain/estate/role.ts';
import { catalog, findRule } from '../../src/rules/catalog.ts';
import { commonReasons } from '../../src/rules/key-holder/key-holder-rule.ts';
import { toRemedy } from '../../src/rules/remedy-of.ts';
import { cases, remedyOf, toCode } from '../remedy/cases.ts';
import { holders, ids, names, plainPosture, postureOf } from '../remedy/postures.ts';

it('is there for rules, and for nothing else', () => {
  for (const { id } of catalog) expect(toRemedy(id, postureOf())?.rule).toBe(id);
  expect(toRemedy('no_such_rule', postureOf())).toBeUndefined();
  expect(toRemedy('constructor', postureOf())).toBeUndefined();
});

it('always gives all three texts, a summary, warnings and what to expect, in words that the rule knows', () => {
  for (const { name, rule, posture, reason } of cases) {
    const remedy = remedyOf(rule, posture, reason);
    const known = { ...commonReasons, ...findRule(rule)?.reasons };
    const [expected, outcome, code] = remedy.expect.split(' ');
    expect(
      [expected, ['pass', 'unknown'].includes(outcome ?? ''), (code ?? '') in known],
      `${name}: ${remedy.expect}`,
    ).toEqual([rule, true, true]);
    expect(remedy.title, name).toBe(findRule(rule)?.title);
    for (const text of [remedy.az, remedy.bicep, remedy.terraform]) {
      expect(text, name).toContain(`${rule}: ${remedy.title}`);
      expect(text, name).toContain(posture.registry.id.id);
      expect(text, name).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(remedy.summary, name).not.toBe('');
    expect(remedy.warnings.length, name).toBeGreaterThan(0);
    expect(toCode(remedy.az), name).toMatch(/\baz /);
  }
});

describe('own names', () => {
  it.each(holders)('are in all three texts: %s', (holder) => {
    const { az, bicep, terraform } = remedyOf('kv_networkblocked', postureOf({ holder }));
    for (const text of [az, bicep, terraform]) {
      expect(text).toContain('kv-images');
      expect(text).toContain(names.keyHolderSubscription);
    }
    expect(az).toContain("KEY_HOLDER_NAME='kv-images'");
    expect(bicep).toContain("param keyHolderName string = 'kv-images'");
    expect(terraform).toMatch(/default {5}= "\/subscriptions\/[^"]+\/kv-images"/);
  });

  it('of a new registry, vault and identity come from the registry’s, at the top', () => {
    const { az, bicep, terraform } = remedyOf('acr_nocmk', plainPosture());
    for (const name of ['acrimagescmk', 'kv-acrimages-cmk', 'id-acrimages-cmk']) {
      for (const text of [az, bicep, terraform]) expect(text).toContain(name);
      expect(az.indexOf(name)).toBeLessThan(az.indexOf('az identity create'));
    }
  });

  it('that the posture does not tell have to be given', () => {
    const { az, bicep, terraform } = remedyOf(
      'key_noaccess',
      postureOf({ state: 'unreadable', identity: 'detachedUser' }),
    );
    expect(az).toContain('KEY_HOLDER_ID="${KEY_HOLDER_ID:?');
    expect(bicep).toMatch(/^param principalId string$/m);
    expect(terraform).toMatch(
      /variable "key_holder_id" \{\n {2}type {8}= string\n {2}description = "[^"]+"\n\}/,
    );
  });
});

describe('warnings', () => {
  const warningsOf = (rule: string, posture: Posture, reason?: string) =>
    remedyOf(rule, posture, reason).warnings.join('\n');

  it.each([
    ['acr_nocmk', plainPosture(), /can’t be added to an existing registry/],
    ['acr_nocmk', plainPosture(), /Only Premium/],
    ['kv_nopurgeprotection', postureOf(), /can’t be undone/],
    [
      'kv_missing',
      postureOf({ state: 'deleted' }),
      /does not bring back its role assignments and event subscriptions/,
    ],
    ['kv_missing', postureOf({ state: 'deleted' }), /2026-10-01/],
    ['kv_missing', postureOf({ state: 'absent' }), /can’t be read any more/],
    ['acr_identitydetached', postureOf({ identity: 'detachedSystem' }), /needs a support request/],
    ['acr_identitydetached', postureOf({ identity: 'detachedUser' }), /months/],
    ['key_noaccess', postureOf({ holder: 'managedHsm' }), /local role/],
    ['key_expiring', postureOf(), /within an hour/],
    ['key_expiring', postureOf({ isPinned: true }), /rotate-key/],
    ['kv_shortretention', postureOf(), /fixed when a key holder is created/],
    ['kv_shortretention', postureOf({ holder: 'managedHsm' }), /exemption/],
    ['kv_networkblocked', postureOf(), /user-assigned identities/],
    ['acr_publicnetwork', postureOf(), /private endpoint and DNS come first/],
  ])('of %s say what matters (%#)', (rule, posture, words) => {
    expect(warningsOf(rule, posture)).toMatch(words);
    expect(remedyOf(rule, posture).az.replaceAll('\n# ', ' ')).toMatch(words);
  });

  it('say that a purged key is lost with its images', () => {
    expect(warningsOf('key_unusable', postureOf(), 'key_gone')).toMatch(/purged is lost/);
  });
});

describe('safe order in Bicep and Terraform', () => {
  it('puts the role before the registry', () => {
    const { bicep, terraform } = remedyOf('acr_nocmk', plainPosture());
    expect(bicep).toMatch(/newRegistry [\s\S]*dependsOn: \[\s*mayUseKey\s*\]/);
    expect(terraform).toMatch(
      /"azurerm_container_registry"[\s\S]*depends_on = \[azurerm_role_assignment\.may_use_key\]/,
    );
  });

  it('says in a comment what they can’t do', () => {
    expect(toCode(remedyOf('key_unusable', postureOf(), 'key_disabled').bicep)).toBe('');
    expect(toCode(remedyOf('key_unusable', postureOf(), 'key_disabled').terraform)).toBe('');
    expect(remedyOf('key_unusable', postureOf(), 'key_disabled').bicep).toMatch(/\/\/ Bicep can't/);
    expect(remedyOf('kv_missing', postureOf({ state: 'deleted', holder: 'managedHsm' })).terraform).toMatch(
      /# Terraform can't recover a Managed HSM/,
    );
  });

  it('recovers a vault, and never purges it', () => {
    const { bicep, terraform } = remedyOf('kv_missing', postureOf({ state: 'deleted' }));
    expect(bicep).toContain("createMode: 'recover'");
    expect(terraform).toContain('recover_soft_deleted_key_vaults = true');
    expect(terraform).toContain('purge_soft_delete_on_destroy    = false');
  });

  it('changes what exists without replacing the rest', () => {
    const { bicep, terraform } = remedyOf('kv_nopurgeprotection', postureOf());
    expect(bicep).toContain('...keyHolderNow.properties');
    expect(terraform).toContain('resource "azapi_update_resource" "key_holder"');
  });
});

it('verifies a new registry, not the old one', () => {
  const { verify } = remedyOf('acr_nocmk', plainPosture());
  expect(verify).toContain('az acr encryption show --name acrimagescmk');
  expect(verify).toMatch(/acr-cmk assess \/subscriptions\/.*\/registries\/acrimagescmk$/);
});

it('says what assess says then', () => {
  expect(remedyOf('kv_nopurgeprotection', postureOf()).expect).toBe(
    'kv_nopurgeprotection pass purge_protection_on',
  );
  // Azure Resource Manager does not show a Managed HSM's local roles.
  expect(remedyOf('key_noaccess', postureOf({ holder: 'managedHsm' })).expect).toBe(
    'key_noaccess unknown managed_hsm_local_roles',
  );
});

it('tells of another cloud, by the key’s address or the registry’s region', () => {
  const china = postureOf({ names: { suffix: '.' } });
  china.registry.encryption = {
    ...china.registry.encryption,
    keyIdentifier: 'https://kv-images.vault.azure.cn/keys/acr-cmk',
  };
  expect(remedyOf('kv_networkblocked', china).az).toContain('az cloud set --name AzureChinaCloud');
  expect(remedyOf('kv_networkblocked', china).terraform).toContain('environment = "china"');
  const government = plainPosture({ location: 'usgovvirginia' });
  expect(remedyOf('acr_nocmk', government).terraform).toMatch(/environment {5}= "usgovernment"/);
  expect(remedyOf('acr_nocmk', plainPosture()).az).not.toContain('az cloud set');
});

it('names those in both camps, and the assignments that put them there', () => {
  const assignment = (id: string, role: string) => ({
    id,
    principalId: ids.principal,
    principalType: 'User',
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    scope: '/subscriptions/1',
  });
  const rolesOf = (id: string, action: string): RoleAssignments => ({
    state: 'found',
    assignments: [assignment(id, '00000000-0000-0000-0000-000000000001')],
    roles: new Map([
      [
        '00000000-0000-0000-0000-000000000001',
        {
          state: 'found',
          name: 'Owner',
          permissions: [{ actions: [action], notActions: [], dataActions: [], notDataActions: [] }],
        },
      ],
    ]),
    readings: [],
  });
  const posture: Posture = {
    ...postureOf(),
    keyRoles: rolesOf('/assignments/at-key', 'Microsoft.Authorization/*'),
    registryRoles: rolesOf('/assignments/at-registry', 'Microsoft.ContainerRegistry/*'),
  };
  const { az, bicep, terraform } = remedyOf('acr_custodyoverlap', posture);
  for (const text of [az, bicep, terraform]) {
    expect(text).toContain(ids.principal);
    expect(text).toContain('/assignments/at-key');
    expect(text).toContain('/assignments/at-registry');
  }
});
