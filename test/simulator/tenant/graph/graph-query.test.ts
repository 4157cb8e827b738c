import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toTokens } from '../../../../simulator/tenant/graph/kusto-token.ts';
import { managedHsmBody, vaultBody } from '../../../../simulator/tenant/key-holder-body.ts';
import { registryBody, withoutEncryption } from '../../../../simulator/tenant/registry-body.ts';
import { faultOf, first, firstId, second, startGraph, tenantId } from './graph-client.ts';

const place = { tenantId, subscription: first, group: 'rg-Keys' };
const registry = (name: string, sku: 'Basic' | 'Premium' = 'Premium') =>
  registryBody({ subscription: second, group: 'rg-Images', name, location: 'North Europe', sku });
const resources = [
  vaultBody({ ...place, name: 'kv-One', location: 'westeurope' }),
  vaultBody({
    ...place,
    name: 'kv-two',
    location: 'eastus',
    properties: { enablePurgeProtection: undefined },
  }),
  managedHsmBody({ ...place, name: 'hsm-one', location: 'westus3' }, { enablePurgeProtection: false }),
  { ...registry('imagesProd'), tags: { 'cost center': '42', owner: "O'Neil" } },
  registry('imagesTest', 'Basic'),
  withoutEncryption(registry('legacy')),
];

describe('rows', () => {
  test('are as Resource Graph has them', async () => {
    const { rows } = await startGraph({ resources });
    const [row] = await rows("Resources | where name == 'imagesProd'");
    const { properties, ...rest } = row ?? {};
    expect(rest).toEqual({
      id: registry('imagesProd').id,
      name: 'imagesProd',
      type: 'microsoft.containerregistry/registries',
      tenantId,
      kind: '',
      location: 'northeurope',
      resourceGroup: 'rg-images',
      subscriptionId: second.slice('/subscriptions/'.length),
      managedBy: '',
      sku: { name: 'Premium', tier: 'Premium' },
      plan: null,
      tags: { 'cost center': '42', owner: "O'Neil" },
      identity: null,
      zones: null,
      extendedLocation: null,
    });
    expect(properties).toEqual(registry('imagesProd').properties);
  });

  test('follow what is put and removed; what is soft-deleted has none', async () => {
    const { tenant, values } = await startGraph({ resources });
    const vaults = "resources | where type == 'microsoft.keyvault/vaults' | project name";
    expect(await values(vaults)).toEqual(['kv-One', 'kv-two']);
    tenant.remove(resources[0]?.id ?? '');
    tenant.put(vaultBody({ ...place, name: 'kv-three', location: 'eastus' }));
    expect(await values(vaults)).toEqual(['kv-three', 'kv-two']);
  });

  test('come as a table on demand', async () => {
    const { ask } = await startGraph({ resources });
    const query = "resources | where name startswith 'kv' | extend isBig = true | project name, sku, isBig";
    expect((await ask(query, { resultFormat: 'table', top: 1 })).data).toEqual({
      columns: [
        { name: 'name', type: 'string' },
        { name: 'sku', type: 'object' },
        { name: 'isBig', type: 'boolean' },
      ],
      rows: [['kv-One', null, true]],
    });
  });
});

describe('where', () => {
  const all = ['hsm-one', 'imagesProd', 'imagesTest', 'kv-One', 'kv-two', 'legacy'];
  const but = (...names: string[]) => all.filter((name) => !names.includes(name));
  const conditions: [string, string[]][] = [
    ["name == 'kv-One'", ['kv-One']],
    ["name == 'KV-ONE'", []],
    ["name =~ 'KV-ONE'", ['kv-One']],
    ["name != 'kv-One'", but('kv-One')],
    ["name !~ 'KV-ONE'", but('kv-One')],
    ["name in ('kv-One', 'KV-TWO')", ['kv-One']],
    ["name in~ ('kv-ONE', 'KV-TWO')", ['kv-One', 'kv-two']],
    ["name in~ (tolower('KV-TWO'))", ['kv-two']],
    ["name !in ('kv-One')", but('kv-One')],
    ["name !in~ ('KV-one')", but('kv-One')],
    ["name has 'ONE'", ['hsm-one', 'kv-One']],
    ["name has 'imag'", []],
    ["name contains 'S'", ['hsm-one', 'imagesProd', 'imagesTest']],
    ["name !contains 'S'", ['kv-One', 'kv-two', 'legacy']],
    ["name startswith 'KV'", ['kv-One', 'kv-two']],
    ["name startswith 'kv' and location == 'eastus'", ['kv-two']],
    ["name == 'kv-two' or name == 'legacy' and location == 'eastus'", ['kv-two']],
    ["(name == 'kv-two' or name == 'legacy') and location == 'eastus'", ['kv-two']],
    ["not(name startswith 'kv')", but('kv-One', 'kv-two')],
    ['isnotempty(properties.vaultUri)', ['kv-One', 'kv-two']],
    ['isempty(properties.encryption.status)', ['hsm-one', 'kv-One', 'kv-two', 'legacy']],
    ['isnull(sku)', ['kv-One', 'kv-two']],
    ["tolower(sku.name) == 'premium'", ['imagesProd', 'legacy']],
    ["tostring(properties.softDeleteRetentionInDays) == '90'", ['hsm-one', 'kv-One', 'kv-two']],
    ['properties.softDeleteRetentionInDays == 90', ['hsm-one', 'kv-One', 'kv-two']],
    ['properties.enablePurgeProtection == true', ['kv-One']],
    ["properties.enablePurgeProtection == 'true'", ['kv-One']],
    ['properties.enablePurgeProtection != true', but('kv-One')],
    ['not(properties.enablePurgeProtection == true)', but('kv-One')],
    ["properties['encryption']['status'] == 'disabled'", ['imagesProd', 'imagesTest']],
    ["properties.Encryption.status == 'disabled'", []],
    ["tags['cost center'] == '42'", ['imagesProd']],
    ["tags.owner == 'O\\'Neil' // a remark", ['imagesProd']],
    ['tags.owner == @"O\'Neil"', ['imagesProd']],
    ["tags.owner == @'O''Neil'", ['imagesProd']],
  ];

  test('keeps the rows for which its condition is true', async () => {
    const { values } = await startGraph({ resources });
    for (const [condition, expected] of conditions) {
      const query = `resources | where ${condition}\n| project name`;
      expect.soft(await values(query), condition).toEqual(expected);
    }
  });
});

describe('other operators', () => {
  test('extend adds columns, project keeps and names them, in their order', async () => {
    const { rows } = await startGraph({ resources });
    const query = `where name == 'kv-One' | extend uri = tolower(properties.vaultUri), group = resourceGroup
      | extend group = tolower(name) | project id, group, uri, properties.sku.name, none = properties.no.such`;
    expect(await rows(query)).toEqual([
      {
        id: resources[0]?.id,
        group: 'kv-one',
        uri: 'https://kv-one.vault.azure.net/',
        properties_sku_name: 'standard',
        none: null,
      },
    ]);
    expect(Object.keys((await rows(query))[0] ?? {})[1]).toBe('group');
  });

  test('order by sorts, downwards unless told otherwise, and keeps its order through a projection', async () => {
    const { rows } = await startGraph({ resources });
    const names = async (order: string) =>
      (await rows(`resources | ${order} | project name`)).map((row) => row.name);
    expect(await names('order by name asc')).toEqual([
      'hsm-one',
      'imagesProd',
      'imagesTest',
      'kv-One',
      'kv-two',
      'legacy',
    ]);
    expect(await names('order by type asc, name')).toEqual([
      'legacy',
      'imagesTest',
      'imagesProd',
      'hsm-one',
      'kv-two',
      'kv-One',
    ]);
    expect(await names('sort by location desc, name asc | take 2')).toEqual(['hsm-one', 'kv-One']);
    expect(await names("where name has 'one' | order by name | limit 5")).toEqual(['kv-One', 'hsm-one']);
  });

  test('count and summarize count rows', async () => {
    const { rows } = await startGraph({ resources });
    expect(await rows("resources | where name == 'none' | count")).toEqual([{ Count: 0 }]);
    expect(await rows('resources | summarize count() by type | order by type asc')).toEqual([
      { type: 'microsoft.containerregistry/registries', count_: 3 },
      { type: 'microsoft.keyvault/managedhsms', count_: 1 },
      { type: 'microsoft.keyvault/vaults', count_: 2 },
    ]);
    expect(await rows('resources | summarize n = count() by a = subscriptionId | where n == 3')).toHaveLength(
      2,
    );
    expect(await rows(`resources | where subscriptionId == '${firstId}' | count`)).toEqual([{ Count: 3 }]);
  });
});

describe('a wrong query', () => {
  const faults: [string, string][] = [
    ['resources | where', 'InvalidQuery ParserFailure'],
    ["resources | where name == 'a", 'InvalidQuery ParserFailure'],
    ["resources | where name in ('a'", 'InvalidQuery ParserFailure'],
    ["resources where name == 'a'", 'InvalidQuery ParserFailure'],
    ['resources | where nmae == 1', 'InvalidQuery UnknownColumn'],
    ["resources | where Name == 'a'", 'InvalidQuery UnknownColumn'],
    ['resources | project id | order by name', 'InvalidQuery UnknownColumn'],
    ['resources | where name == 5', 'InvalidQuery InvalidArgument'],
    ['resources | where name', 'InvalidQuery InvalidArgument'],
    ['resources | where name.first == 1', 'InvalidQuery InvalidArgument'],
    ['resources | order by properties.vaultUri asc', 'InvalidQuery InvalidArgument'],
    ['resources | project id, id', 'InvalidQuery DuplicateColumn'],
    ["resources | where strcat(name, 'x') == 'a'", 'InvalidQuery UnknownFunction'],
    ['resources | project tolower(name)', 'InvalidQuery NotSupported'],
    ['resources | join (resourcecontainers) on subscriptionId', 'InvalidQuery NotSupported'],
    ['resources | summarize max(name) by type', 'InvalidQuery NotSupported'],
    ['securityresources | project id', 'DisallowedLogicalTableName'],
  ];

  test('is refused, and says why', async () => {
    const { ask } = await startGraph({});
    for (const [query, codes] of faults) {
      expect.soft(await faultOf(ask(query)), query).toBe(`400 BadRequest ${codes}`);
    }
  });

  test('names the place of the fault', async () => {
    const { ask } = await startGraph({});
    await expect(ask("resources\n| where name == 'a'\n| mvexpand tags")).rejects.toMatchObject({
      details: {
        error: {
          message: expect.stringMatching(/^Please provide below info .* correlationId = /),
          details: [
            { code: 'InvalidQuery' },
            {
              message: "The simulated Resource Graph does not support the operator 'mvexpand'.",
              additionalProperties: { line: 3, characterPositionInLine: 2 },
            },
          ],
        },
      },
    });
  });

  test('with options out of their range is refused', async () => {
    const { ask } = await startGraph({});
    const query = 'resources | project id';
    expect(await faultOf(ask(query, { top: 1001 }))).toBe('400 BadRequest InvalidRequest');
    expect(await faultOf(ask(query, { top: 0 }))).toBe('400 BadRequest InvalidRequest');
    const subscriptions = Array.from({ length: 1001 }, () => firstId);
    expect(await faultOf(ask(query, { subscriptions }))).toBe('400 BadRequest InvalidRequest');
    expect((await ask(query, { subscriptions: subscriptions.slice(1), top: 1000 })).count).toBe(0);
  });
});

test('any text survives as a literal, escaped or verbatim', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = JSON.stringify(text).replaceAll('\\b', '\\u0008').replaceAll('\\f', '\\u000c');
      const verbatim = `@'${text.replaceAll("'", "''")}'`;
      expect(toTokens(escaped)[0]?.value).toBe(text);
      expect(toTokens(verbatim)[0]?.value).toBe(text);
    }),
  );
});
