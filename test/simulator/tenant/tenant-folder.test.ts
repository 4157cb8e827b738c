import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { diagnosticSettingBody } from '../../../simulator/tenant/diagnostic-setting-body.ts';
import { eventSubscriptionBody, systemTopicBody } from '../../../simulator/tenant/event-body.ts';
import { functionAppBody, toEventFunctionId } from '../../../simulator/tenant/function-app-body.ts';
import { keyBody, managedHsmBody, vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { lockBody } from '../../../simulator/tenant/lock-body.ts';
import { policyBody } from '../../../simulator/tenant/policy-body.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import { roleAssignmentBody } from '../../../simulator/tenant/role-assignment-body.ts';
import { roleDefinitionBody } from '../../../simulator/tenant/role-definition-body.ts';
import { loadTenantFolder } from '../../../simulator/tenant/tenant-folder.ts';
import { createTenantState } from '../../../simulator/tenant/tenant-state.ts';
import { subscription, subscriptionId, tenantId } from './tenant-clients.ts';

const registry = registryBody({ subscription, group: 'rg', name: 'images', location: 'westeurope' });
const place = { tenantId, subscription, group: 'rg', location: 'westeurope' };
const vault = vaultBody({ ...place, name: 'kv-images' });
const hsm = managedHsmBody({ ...place, name: 'hsm-images' });

function folderOf(files: Record<string, unknown>): string {
  const dir = mkdtempSync(join(tmpdir(), 'tenant-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return dir;
}

test('loads bodies, lists and arrays, whatever a nextLink says', () => {
  const { contents, skipped } = loadTenantFolder(
    folderOf({
      'a.json': registry,
      'b.json': { value: [vault, hsm], nextLink: 'https://management.azure.com/next' },
      'c.json': [keyBody(vault, { name: 'images' })],
    }),
  );
  expect(contents.resources.map((body) => body.name)).toEqual([
    'images',
    'kv-images',
    'hsm-images',
    'images',
  ]);
  expect(skipped).toEqual([]);
});

test('lets the last of several bodies with the same id win, in order of names and in any casing', () => {
  const { contents } = loadTenantFolder(
    folderOf({
      '2.json': { ...registry, id: registry.id.toUpperCase(), location: 'last' },
      '1.json': { ...registry, location: 'first' },
    }),
  );
  expect(contents.resources.map((body) => body.location)).toEqual(['last']);
});

test('serves what was recorded last of a vault that was deleted', () => {
  const deleted = {
    id: `${subscription}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-images`,
    name: 'kv-images',
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: { vaultId: vault.id, location: 'westeurope', deletionDate: '2026-01-01T00:00:00Z' },
  };
  const state = createTenantState(
    loadTenantFolder(folderOf({ '1.json': vault, '2.json': deleted })).contents,
  );
  expect(state.get(vault.id)).toBeUndefined();
  expect(state.get(deleted.id)).toMatchObject({ name: 'kv-images' });
});

test('takes subscriptions as they are declared and makes up those that are not', () => {
  const other = '99999999-aaaa-4bbb-8ccc-999999999999';
  const { contents } = loadTenantFolder(
    folderOf({
      // A recorder masks the id, not always the subscriptionId.
      's.json': {
        value: [{ id: '/subscriptions/0000', subscriptionId: other, displayName: 'Other', tenantId }],
      },
      'r.json': registry,
    }),
  );
  expect(contents.tenantId).toBe(tenantId);
  expect(contents.subscriptions).toMatchObject([
    { id: `/subscriptions/${other}`, displayName: 'Other' },
    { id: subscription, subscriptionId, state: 'Enabled', tenantId },
  ]);
});

test('loads what the monitor itself is set up with: its app, topics, event subscriptions and policies', () => {
  const app = functionAppBody({ ...place, name: 'func-monitor' });
  const functionId = toEventFunctionId(app);
  const topic = systemTopicBody({ ...place, name: 'evgt-own' });
  const policy = policyBody({ guid: '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53', displayName: 'Another name' });
  const bodies = [
    app,
    eventSubscriptionBody({ scope: subscription, functionId }),
    eventSubscriptionBody({ scope: topic.id, functionId }),
    policy,
    topic,
  ];
  const files = bodies.map((body, index) => [`${index}.json`, body]);
  const { contents, skipped } = loadTenantFolder(folderOf(Object.fromEntries(files)));
  expect(skipped).toEqual([]);
  expect(contents.subscriptions.map(({ id }) => id)).toEqual([subscription]);
  const state = createTenantState(contents);
  for (const body of bodies) expect(state.get(body.id)).toEqual(body);
});

test('names every file that it skips, with the reason', () => {
  const { sku: _, ...withoutSku } = registry;
  const { properties: __, ...row } = vault;
  const dir = folderOf({
    'a-error.json': { error: { code: 'AuthorizationFailed', message: 'no' } },
    'b-event.json': [
      { id: '1', subject: registry.id, eventType: 'Microsoft.Resources.ResourceWriteSuccess' },
    ],
    'c-graph.json': { totalRecords: 1, count: 1, data: [], resultTruncated: 'false' },
    'd-headers.json': { status: 429, headers: { 'retry-after': '5' } },
    'e-broken.json': '{"id": ',
    'f-empty.json': '',
    'g-null.json': 'null',
    'h-nothing.json': { value: [] },
    'i-other.json': {
      id: `${subscription}/resourceGroups/rg/providers/Microsoft.Sql/servers/a`,
      properties: {},
    },
    'j-row.json': { value: [row] },
    'k-old.json': withoutSku,
    'l-status.json': { status: 'Succeeded' },
    'm-mixed.json': { value: [registry, 7] },
    'n-log.json': { operationName: { value: 'x' }, id: `${vault.id}/events/1` },
    'o-anything.json': { hello: 'world' },
    'p.txt': 'text',
  });
  mkdirSync(join(dir, 'q.json'));
  symlinkSync(join(dir, 'nowhere'), join(dir, 'r.json'));
  const { contents, skipped } = loadTenantFolder(dir);
  expect(contents.resources.map((body) => body.name)).toEqual(['images']);
  expect(Object.fromEntries(skipped.map(({ file, reason }) => [file, reason]))).toEqual({
    'a-error.json': 'an error body',
    'b-event.json': 'an event',
    'c-graph.json': 'a Resource Graph answer',
    'd-headers.json': 'response headers',
    'e-broken.json': 'no valid JSON',
    'f-empty.json': 'no valid JSON',
    'g-null.json': 'no JSON object',
    'h-nothing.json': 'an empty list',
    'i-other.json': 'no resource that the simulated tenant serves: Microsoft.Sql/servers',
    'j-row.json': 'no properties: a row of a generic list',
    'k-old.json': 'a registry without sku: no current api version answers so',
    'l-status.json': 'the state of an asynchronous operation',
    'm-mixed.json': '1 of 2 bodies: no JSON object',
    'n-log.json': 'a log entry',
    'o-anything.json': 'no ARM resource: it has no id',
    'p.txt': 'no JSON file',
    'q.json': 'no file',
    'r.json': 'unreadable (ENOENT)',
  });
});

test('keeps the names of vaults taken that it can not serve', () => {
  const { properties: _, ...row } = vault;
  const state = createTenantState(loadTenantFolder(folderOf({ 'a.json': row })).contents);
  expect(state.isNameTaken('vaults', 'KV-Images')).toBe(true);
  expect(state.isNameTaken('managedHSMs', 'kv-images')).toBe(false);
});

test('loads a folder without any usable file as an empty tenant', () => {
  expect(loadTenantFolder(folderOf({})).contents).toMatchObject({ subscriptions: [], resources: [] });
});

test('makes up no subscription for what lies above subscriptions', () => {
  const assignment = {
    id: '/providers/Microsoft.Authorization/roleAssignments/99999999-0000-4000-8000-000000000001',
    name: '99999999-0000-4000-8000-000000000001',
    type: 'Microsoft.Authorization/roleAssignments',
    properties: { scope: '/', principalId: tenantId, principalType: 'User', roleDefinitionId: '/any' },
  };
  const { contents } = loadTenantFolder(folderOf({ 'a.json': { value: [assignment, registry] } }));
  expect(contents.subscriptions.map(({ id }) => id)).toEqual([subscription]);
  expect(createTenantState(contents).get(registry.id)).toEqual(registry);
});

test('serves role assignments, custom roles, locks and diagnostic settings', () => {
  const role = roleDefinitionBody({ roleName: 'Wrapper', assignableScopes: [subscription], actions: ['*'] });
  const bodies = [
    role,
    roleAssignmentBody({ scope: vault.id, role: { guid: String(role.name) }, principalId: tenantId }),
    lockBody({ scope: vault.id }),
    diagnosticSettingBody({ scope: vault.id }),
  ];
  const { contents, skipped } = loadTenantFolder(folderOf({ 'a.json': vault, 'b.json': { value: bodies } }));
  const state = createTenantState(contents);
  expect(skipped).toEqual([]);
  expect(bodies.map(({ id }) => state.get(id))).toEqual(bodies);
});

test('takes management groups that only role assignments name to lie above all subscriptions', () => {
  const at = (name: string) =>
    roleAssignmentBody({
      scope: `/providers/Microsoft.Management/managementGroups/${name}`,
      role: 'Owner',
      principalId: tenantId,
    });
  const { contents } = loadTenantFolder(
    folderOf({ 'a.json': { value: [at('root'), at('ROOT'), at('landing'), registry] } }),
  );
  expect(contents.managementGroups).toEqual([
    { name: 'ROOT', displayName: 'ROOT' },
    { name: 'landing', displayName: 'landing', parent: 'ROOT', subscriptions: [subscriptionId] },
  ]);
});
