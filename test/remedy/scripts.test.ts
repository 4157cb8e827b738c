import { describe, expect, it } from 'vitest';
import { callsOf, expectOrder } from './calls.ts';
import { remedyOf, toCode } from './cases.ts';
import { ids, names, plainPosture, postureOf } from './postures.ts';
import { given, runScript } from './tools.ts';

describe('acr_nocmk', () => {
  it('grants the role before it creates the registry, imports every tag and untagged image, and deletes nothing', () => {
    const calls = callsOf('acr_nocmk');
    expectOrder(
      calls,
      'identity create',
      'keyvault create',
      'keyvault key create',
      'role assignment create',
      'acr create',
      'acr import',
    );
    const imported = calls.filter((call) => call.startsWith('acr import'));
    expect(imported).toHaveLength(6);
    expect(imported[0]).toContain('--source app/web:v1 --image app/web:v1');
    expect(imported[2]).toContain('--source app/web@sha256:0123 --repository app/web');
    expect(calls.some((call) => call.includes('delete'))).toBe(false);
  });

  it('names the deletion of the old registry last, as a comment', () => {
    const { az } = remedyOf('acr_nocmk', plainPosture());
    expect(az.trimEnd().split('\n').at(-1)).toMatch(/^# az acr delete /);
    expect(az.lastIndexOf('az acr import')).toBeLessThan(az.indexOf('az acr delete'));
  });

  it('creates a Premium registry that follows the key', () => {
    const created = callsOf('acr_nocmk').find((call) => call.startsWith('acr create'));
    expect(created).toContain('--name acrimagescmk');
    expect(created).toContain('--sku Premium');
    expect(created).toMatch(/--key-encryption-key https:\/\/new\.vault\.azure\.net\/keys\/made( |$)/);
  });
});

describe('kv_missing', () => {
  it('recovers, protects, and then grants again', () => {
    expectOrder(
      callsOf('kv_missing', { state: 'deleted' }),
      `keyvault recover --name kv-images --location northeurope --resource-group rg-keys --subscription ${names.keyHolderSubscription}`,
      'keyvault update --name kv-images',
      'role assignment create',
    );
  });

  it('recovers a Managed HSM and grants its local role', () => {
    expectOrder(
      callsOf('kv_missing', { state: 'deleted', holder: 'managedHsm' }),
      'keyvault recover --hsm-name kv-images',
      'keyvault update-hsm --hsm-name kv-images',
      'keyvault role assignment list --hsm-name kv-images',
      'keyvault role assignment create --hsm-name kv-images',
    );
  });

  it('makes a new registry where the key is lost, and reads nothing from the old one', () => {
    const calls = callsOf('kv_missing', { state: 'absent' });
    expectOrder(calls, 'role assignment create', 'acr create');
    expect(calls.some((call) => call.startsWith('acr import') || call.includes('recover'))).toBe(false);
  });
});

describe('access', () => {
  it('gives the role at the key’s own scope', () => {
    const [call] = callsOf('key_noaccess');
    expect(call).toContain(`--assignee-object-id ${ids.principal}`);
    expect(call).toContain('--role e147488a-f6f5-4113-8e2d-b22465e65bf6');
    expect(call).toContain(
      `--scope /subscriptions/${names.keyHolderSubscription}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-images/keys/acr-cmk`,
    );
  });

  it('keeps what an access policy permits already, in the vault’s own subscription', () => {
    const [call] = callsOf('key_noaccess', { holder: 'policyVault' });
    expect(call).toContain(`--object-id ${ids.principal} --key-permissions get list unwrapKey wrapKey`);
    expect(call).toContain(`--subscription ${names.keyHolderSubscription}`);
  });

  it('assigns a Managed HSM’s local role at the key', () => {
    expect(callsOf('key_noaccess', { holder: 'managedHsm' }).at(-1)).toContain(
      'keyvault role assignment create --hsm-name kv-images --subscription 7a2e3d4c-5b6a-4f79-8c8b-1d2e3f4a5b6c --role Managed HSM Crypto Service Encryption User --scope /keys/acr-cmk',
    );
  });

  it('asks for the object id of the system-assigned identity only where it is not told', () => {
    expect(callsOf('key_noaccess', { identity: 'system' })).toHaveLength(1);
    expectOrder(
      callsOf('key_noaccess', { identity: 'detachedSystem' }),
      'acr show',
      'role assignment create',
    );
  });
});

describe('identity', () => {
  it('creates, grants, attaches and then moves to a user-assigned one', () => {
    const calls = callsOf('acr_systemidentity', { identity: 'system' });
    expectOrder(
      calls,
      'identity create',
      'role assignment create',
      'acr identity assign',
      'acr encryption rotate-key',
    );
    expect(calls.at(-1)).toContain(
      '--key-encryption-key https://kv-images.vault.azure.net/keys/acr-cmk --identity /answered',
    );
  });

  it('gives a new identity none of the permissions of the old one', () => {
    const calls = callsOf('acr_systemidentity', {
      identity: 'system',
      holder: 'policyVault',
      found: { accessPolicies: [{ objectId: ids.systemPrincipal, tenantId: ids.tenant, keys: ['all'] }] },
    });
    expect(calls.find((call) => call.startsWith('keyvault set-policy'))).toContain(
      '--key-permissions get unwrapKey wrapKey --output',
    );
  });

  it('finds a detached identity by its client id and attaches the same one', () => {
    const calls = callsOf('acr_identitydetached', { identity: 'detachedUser' });
    expectOrder(calls, `ad sp show --id ${ids.client}`, 'acr identity assign');
    expect(calls.at(-1)).toContain('--identities /answered');
  });

  it('says what is left where the identity exists no more', () => {
    const { az } = remedyOf('acr_identitydetached', postureOf({ identity: 'detachedUser' }));
    const { status, stderr, calls } = runScript(az.replaceAll('az ad sp show', 'false ad sp show'), given);
    expect([status, calls]).toEqual([1, []]);
    expect(stderr).toContain('Azure support');
  });

  it('stops where support has not restored a system-assigned identity', () => {
    const { az } = remedyOf('acr_identitydetached', postureOf({ identity: 'detachedSystem' }));
    const { status, stderr, calls } = runScript(az.replaceAll('az acr show', 'true acr show'), given);
    expect([status, calls]).toEqual([1, []]);
    expect(stderr).toContain('support request');
  });
});

describe('the key holder', () => {
  it.each([
    ['kv_nopurgeprotection', '--enable-purge-protection true'],
    ['kv_networkblocked', '--bypass AzureServices'],
  ])('is updated, vault or Managed HSM: %s', (rule, words) => {
    expect(callsOf(rule)).toEqual([expect.stringMatching(/^keyvault update --name kv-images/)]);
    expect(callsOf(rule, { holder: 'managedHsm' })).toEqual([
      expect.stringMatching(/^keyvault update-hsm --hsm-name kv-images/),
    ]);
    expect(callsOf(rule)[0]).toContain(words);
  });

  it('is recovered before purge protection, and gets soft delete before it', () => {
    expectOrder(callsOf('kv_nopurgeprotection', { state: 'deleted' }), 'keyvault recover', 'keyvault update');
    expectOrder(
      callsOf('kv_nopurgeprotection', { found: { softDelete: false } }),
      'resource update',
      'keyvault update',
    );
  });

  it.each(['kv_regionmismatch', 'kv_shortretention'])(
    'is replaced: key and role come before the registry goes over: %s',
    (rule) => {
      const calls = callsOf(rule);
      expectOrder(
        calls,
        'keyvault create',
        'keyvault key create',
        'role assignment create',
        'acr encryption rotate-key',
      );
      expect(calls[0]).toContain('--location westeurope');
      expect(calls[0]).toContain('--retention-days 90');
      expect(calls[0]).toContain(`--resource-group rg-keys --subscription ${names.keyHolderSubscription}`);
    },
  );

  it('is extended to the registry’s region where it is a Managed HSM', () => {
    expect(callsOf('kv_regionmismatch', { holder: 'managedHsm' })).toEqual([
      `keyvault region add --hsm-name kv-images --resource-group rg-keys --subscription ${names.keyHolderSubscription} --region westeurope --output none`,
    ]);
  });

  it('sends its audit events to the workspace that the operator names', () => {
    expect(callsOf('kv_noauditlog')[0]).toContain(
      '--workspace /workspace --logs [{"categoryGroup": "audit", "enabled": true}]',
    );
    const { status, stderr } = runScript(remedyOf('kv_noauditlog', postureOf()).az);
    expect(status).not.toBe(0);
    expect(stderr).toContain('WORKSPACE_ID');
  });
});

it('closes public access only where a private endpoint is approved', () => {
  expectOrder(callsOf('acr_publicnetwork'), 'acr private-endpoint-connection list', 'acr update');
  const { az } = remedyOf('acr_publicnetwork', postureOf());
  expect(runScript(az.replace('"$APPROVED" = 0', '"$APPROVED" = 1'), given).status).toBe(1);
});

it('takes away the assignment that the operator names, after listing', () => {
  expectOrder(
    callsOf('acr_custodyoverlap'),
    'role assignment list',
    'role assignment delete --ids /assignment',
  );
});

it('never deletes, purges or disables anything by itself but that assignment', () => {
  for (const rule of [
    'acr_nocmk',
    'kv_missing',
    'kv_regionmismatch',
    'kv_shortretention',
    'key_weak',
    'acr_systemidentity',
  ]) {
    const { az } = remedyOf(rule, rule === 'acr_nocmk' ? plainPosture() : postureOf({ state: 'found' }));
    expect(toCode(az)).not.toMatch(/ (delete|purge|remove|--enabled false)\b/);
  }
});
