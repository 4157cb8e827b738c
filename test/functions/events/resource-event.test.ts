import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toResourceEvent } from '../../../src/functions/events/resource-event.ts';

const subscription = '/subscriptions/6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';
const group = `${subscription}/resourceGroups/rg-images`;
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/acrImages`;
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv-images`;
const hsm = `${group}/providers/Microsoft.KeyVault/managedHSMs/hsm-images`;
const types = ['ResourceWriteSuccess', 'ResourceDeleteSuccess', 'ResourceActionSuccess'].map(
  (type) => `Microsoft.Resources.${type}`,
);

/** The data of an event, with people in it as Azure sends them. */
function toData(resourceUri: unknown, operationName: unknown) {
  return {
    authorization: { scope: resourceUri, action: operationName, evidence: { role: 'Contributor' } },
    claims: { name: 'Kim Doe', ipaddr: '192.0.2.7', upn: 'kim.doe@contoso.example' },
    correlationId: '5b1f0c57-8d1e-4e0a-8a52-0d1b6b7c2f10',
    resourceProvider: 'Microsoft.ContainerRegistry',
    resourceUri,
    operationName,
    status: 'Succeeded',
    subscriptionId: subscription.split('/')[2],
  };
}

interface EventParts {
  type?: unknown;
  subject?: unknown;
  resourceUri?: unknown;
  operationName?: unknown;
  data?: unknown;
}

const write = 'Microsoft.ContainerRegistry/registries/write';

function gridEvent({
  type = types[0],
  subject = registry,
  resourceUri = subject,
  operationName = write,
  data,
}: EventParts = {}) {
  return {
    id: '7f1f0a8e-6c3a-4a58-9a61-4bf7f1b7a001',
    topic: subscription,
    subject,
    eventType: type,
    eventTime: '2026-08-01T06:00:00.1234567Z',
    dataVersion: '2',
    metadataVersion: '1',
    data: data === undefined ? toData(resourceUri, operationName) : data,
  };
}

function cloudEvent({
  type = types[0],
  subject = registry,
  resourceUri = subject,
  operationName = write,
  data,
}: EventParts = {}) {
  return {
    specversion: '1.0',
    id: '7f1f0a8e-6c3a-4a58-9a61-4bf7f1b7a002',
    source: subscription,
    subject,
    type,
    time: '2026-08-01T06:00:00.1234567Z',
    data: data === undefined ? toData(resourceUri, operationName) : data,
  };
}

describe.each([
  ['in Event Grid schema', gridEvent],
  ['as a CloudEvent', cloudEvent],
])('an event %s', (_, build) => {
  it.each(types)('of type %s names a resource and its operation, and nothing else', (type) => {
    expect(toResourceEvent(build({ type }))).toEqual({
      state: 'change',
      changed: expect.objectContaining({ kind: 'registry', id: registry }),
      operation: write,
    });
  });

  it('keeps nothing of people', () => {
    expect(JSON.stringify(build())).toContain('@');
    expect(JSON.stringify(toResourceEvent(build()))).not.toMatch(/@|Kim|192\.0\.2/);
  });

  it.each([
    ['registry', registry],
    ['vault', vault],
    ['managedHsm', hsm],
  ])('on a %s is read in any casing', (kind, id) => {
    for (const subject of [
      id,
      id.toLowerCase(),
      id.toUpperCase(),
      id.replace('resourceGroups', 'resourcegroups'),
      `${id}/`,
    ]) {
      const event = toResourceEvent(build({ subject }));
      expect(event).toMatchObject({ state: 'change', changed: { kind, id: subject.replace(/\/$/, '') } });
    }
  });

  it.each([
    `${vault}/accessPolicies/add`,
    `${vault}/accessPolicies/replace`,
    `${vault}/ACCESSPOLICIES`,
    `${vault}/accessPolicies/`,
  ])('on access policies is one on their vault: %s', (subject) => {
    const operationName = 'Microsoft.KeyVault/vaults/accessPolicies/write';
    expect(toResourceEvent(build({ subject, operationName }))).toMatchObject({
      state: 'change',
      changed: { kind: 'vault', id: vault },
    });
  });

  it.each([
    `${registry}/replications/westus`,
    `${registry}/webhooks/hook`,
    `${registry}/accessPolicies/add`,
    `${registry}/providers/Microsoft.Authorization/roleAssignments/1`,
    `${vault}/secrets/password`,
    `${vault}/keys/acr-cmk`,
    `${vault}/accessPoliciesOfOthers/add`,
    `${vault}/privateEndpointConnections/x`,
    `${hsm}/keys/root`,
    `${hsm}/accessPolicies/add`,
  ])('on something below is ignored: %s', (subject) => {
    expect(toResourceEvent(build({ subject }))).toEqual({ state: 'ignored', reason: 'other_resource' });
  });

  it.each([
    `${group}/providers/Microsoft.Resources/deployments/acrImages`,
    `${subscription}/providers/Microsoft.Resources/deployments/all`,
    `${group}/providers/Microsoft.Storage/storageAccounts/images`,
    `${subscription}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-images`,
    group,
    '',
    'acrImages',
  ])('on another resource is ignored: %s', (subject) => {
    expect(toResourceEvent(build({ subject }))).toEqual({ state: 'ignored', reason: 'other_resource' });
  });

  it.each([
    ['its key holder', `${vault}/providers/Microsoft.Authorization/roleAssignments/1`, vault],
    ['a key', `${vault}/keys/acr-cmk/providers/Microsoft.Authorization/roleAssignments/1`, vault],
    ['a Managed HSM', `${hsm}/providers/Microsoft.Authorization/roleAssignments/1`, hsm],
    ['a key in any casing', `${vault}/KEYS/a/PROVIDERS/microsoft.authorization/ROLEASSIGNMENTS/1`, vault],
    ['a resource group', `${group}/providers/Microsoft.Authorization/roleAssignments/1`, group],
  ])('on a role assignment at %s is one on what it stands at', (_, subject, id) => {
    const operationName = 'Microsoft.Authorization/roleAssignments/write';
    expect(toResourceEvent(build({ subject, operationName }))).toMatchObject({
      state: 'change',
      changed: { id },
      operation: operationName,
    });
  });

  it.each([
    `${subscription}/providers/Microsoft.Authorization/roleAssignments/1`,
    '/providers/Microsoft.Management/managementGroups/root/providers/Microsoft.Authorization/roleAssignments/1',
    '/providers/Microsoft.Authorization/roleAssignments/1',
    `${group}/providers/Microsoft.Storage/storageAccounts/images/providers/Microsoft.Authorization/roleAssignments/1`,
    `${vault}/providers/Microsoft.Authorization/roleAssignments/1/x`,
  ])('on a role assignment further up, or elsewhere, is ignored: %s', (subject) => {
    expect(toResourceEvent(build({ subject }))).toEqual({ state: 'ignored', reason: 'other_resource' });
  });

  it('on tags, with the resource’s own id as subject, is one on the resource', () => {
    const operationName = 'Microsoft.Resources/tags/write';
    for (const resourceUri of [registry, `${registry}/providers/Microsoft.Resources/tags/default`]) {
      expect(toResourceEvent(build({ resourceUri, operationName }))).toMatchObject({
        state: 'change',
        changed: { id: registry },
        operation: operationName,
      });
    }
  });

  it.each([
    ['claims and authorization are texts', { ...toData(registry, write), claims: '{}', authorization: 'x' }],
    ['claims are null', { ...toData(registry, write), claims: null }],
    ['the resource’s URI is no text', toData({ id: registry }, write)],
    ['the resource’s URI is missing', toData(undefined, write)],
    ['the operation is no text', toData(registry, 7)],
    ['there is nothing but a subject', null],
    ['the data is a text', JSON.stringify(toData(registry, write))],
  ])('names its resource though %s', (_, data) => {
    expect(toResourceEvent(build({ data }))).toMatchObject({ state: 'change', changed: { id: registry } });
  });

  it('names its resource by its data when it has no subject', () => {
    const { subject: _, ...event } = build({ operationName: undefined });
    for (const odd of [event, { ...event, subject: null }, { ...event, subject: 3 }]) {
      expect(toResourceEvent(odd)).toMatchObject({ state: 'change', changed: { id: registry } });
    }
  });

  it.each([
    'Microsoft.Resources.ResourceWriteFailure',
    'Microsoft.Resources.ResourceWriteCancel',
    'Microsoft.Resources.ResourceDeleteFailure',
    'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
    'Microsoft.ContainerRegistry.ImagePushed',
    'Microsoft.KeyVault.SecretNearExpiry',
    '',
    null,
    7,
  ])('of type %s is ignored', (type) => {
    expect(toResourceEvent(build({ type }))).toEqual({ state: 'ignored', reason: 'other_event_type' });
  });
});

describe('an event of a vault about one of its keys', () => {
  const data = {
    Id: 'https://kv-images.vault.azure.net/keys/acr-cmk/1',
    VaultName: 'kv-images',
    ObjectName: 'acr-cmk',
  };
  const keyEvents = ['KeyNearExpiry', 'KeyExpired', 'KeyNewVersionCreated'].map(
    (name) => `Microsoft.KeyVault.${name}`,
  );

  it.each(keyEvents)('is one on the vault that sends it, in both schemas: %s', (type) => {
    const grid = { ...gridEvent({ type, subject: 'acr-cmk', data }), topic: vault };
    const cloud = { ...cloudEvent({ type, subject: 'acr-cmk', data }), source: vault };
    for (const event of [grid, cloud, { ...cloud, subject: 7 }]) {
      expect(toResourceEvent(event)).toMatchObject({
        state: 'change',
        changed: { kind: 'vault', id: vault },
        operation: type,
      });
    }
  });

  it.each([subscription, registry, undefined, 7])('is ignored when it comes from no vault: %s', (topic) => {
    const event = { ...gridEvent({ type: keyEvents[0], data }), topic };
    expect(toResourceEvent(event)).toEqual({ state: 'ignored', reason: 'other_resource' });
  });
});

it.each([undefined, null, 'event', 7, true])('%j is no event', (event) => {
  expect(toResourceEvent(event)).toEqual({ state: 'ignored', reason: 'not_an_event' });
});

it('whatever is delivered is a change or is ignored for a reason, and is never an error', () => {
  const typed = fc.record({
    eventType: fc.constantFrom(...types),
    subject: fc.oneof(fc.anything(), fc.constant(registry)),
    data: fc.oneof(fc.anything(), fc.record({ resourceUri: fc.anything(), operationName: fc.anything() })),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), typed), (event) => {
      const read = toResourceEvent(event);
      if (read.state === 'change') expect(read.changed.kind).toBe('registry');
      else expect(read.reason).toMatch(/^[a-z_]+$/);
    }),
  );
});

it('an id takes time that grows no faster than it does, and is no longer than Resource Manager’s', () => {
  const vaultId =
    '/subscriptions/33333333-aaaa-4bbb-8ccc-444444444444/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv';
  const read = (resourceUri: string) =>
    toResourceEvent({ eventType: 'Microsoft.Resources.ResourceWriteSuccess', data: { resourceUri } }).state;
  expect(read(`${vaultId}////`)).toBe('change');
  expect(read(`${vaultId}${'/'.repeat(2_048)}`)).toBe('ignored');
  expect(read(vaultId.replace('/rg/', '/r\ud800g/'))).toBe('ignored');
  const timeOf = (length: number) => {
    const text = `${vaultId}${'/'.repeat(length)}x`;
    const start = performance.now();
    for (let turn = 0; turn < 200; turn += 1) read(text);
    return performance.now() - start;
  };
  const shortest = (length: number) => Math.min(...Array.from({ length: 5 }, () => timeOf(length)));
  shortest(200);
  expect(shortest(1_600) / shortest(200)).toBeLessThan(16);
});
