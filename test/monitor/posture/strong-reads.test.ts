import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { createStrongReads } from '../../../src/monitor/posture/strong-reads.ts';
import { subscription, subscriptionId } from '../../simulator/tenant/tenant-clients.ts';
import { hsmOf, otherSubscription, registryOf, vaultOf } from '../bodies.ts';
import { grantAt, keyOf, vault } from '../chain-tenant.ts';
import { type MonitorOptions, startMonitor, startRun, toId } from '../fixture.ts';
import { listCalls } from '../views.ts';

const registries = Array.from({ length: 5 }, (_, index) => registryOf(`images${index}`));
const vaults = Array.from({ length: 5 }, (_, index) => vaultOf(`kv-images${index}`));
const lists = {
  registries: 'Microsoft.ContainerRegistry/registries',
  vaults: 'Microsoft.KeyVault/vaults',
  roles: 'Microsoft.Authorization/roleAssignments',
};

async function open(count: number, options: MonitorOptions = {}) {
  const { azure, tenant } = await startMonitor({ resources: [...registries, ...vaults], ...options });
  const counts = new Map([[subscriptionId, count]]);
  const run = startRun();
  const expected = { registries: counts, keyHolders: counts, scopes: counts };
  const strong = createStrongReads(azure, expected);
  const readAll = async () => {
    const answers = [];
    for (const { id } of registries) answers.push(await strong.readRegistry(toId(id), run));
    return answers;
  };
  return { azure, tenant, run, strong, readAll, calls: () => listCalls(tenant) };
}

describe('registries that are going to be read', () => {
  it.each([0, 1, 3])('are read one by one where %d are expected in a subscription', async (count) => {
    const { readAll, calls } = await open(count);
    await readAll();
    expect(calls()).toEqual(registries.map(({ name }) => `registries/${name}`));
  });

  it('come from one list where more are, as a single read would answer them', async () => {
    const { readAll, calls, azure, run } = await open(5);
    const answers = await readAll();
    expect(calls()).toEqual([lists.registries]);
    for (const answer of answers) {
      if (answer.state !== 'found') throw new Error(answer.state);
      const single = await azure.readRegistry(answer.value.id, run);
      const { reading: _, ...value } = answer.value;
      expect(single).toMatchObject({ state: 'found', value });
      expect(answer.reading).toBe(answer.value.reading);
    }
  });

  it('are read by their id where the list does not hold them: only that says that one is gone', async () => {
    const { strong, calls, run } = await open(5);
    expect(await strong.readRegistry(toId(registryOf('gone').id), run)).toMatchObject({ state: 'gone' });
    expect(calls()).toEqual([lists.registries, 'registries/gone']);
  });

  it.each([
    ['may not be read', 403, 'AuthorizationFailed'],
    ['fails', 400, 'BadRequest'],
  ])('are read one by one where the list %s, which is tried once', async (_, status, code) => {
    const { readAll, calls, tenant } = await open(5);
    tenant.intercept(({ path }) =>
      path.endsWith(`${subscription}/providers/${lists.registries}`)
        ? errorAnswer(status, code, 'No.')
        : undefined,
    );
    expect((await readAll()).map(({ state }) => state)).toEqual(registries.map(() => 'found'));
    expect(calls()).toEqual([lists.registries, ...registries.map(({ name }) => `registries/${name}`)]);
  });

  it('are read one by one from where a list breaks off', async () => {
    const { readAll, calls, tenant } = await open(5, { pageSize: 2 });
    tenant.intercept(({ query }) =>
      query.$skiptoken ? errorAnswer(400, 'BadRequest', 'No such page.') : undefined,
    );
    expect((await readAll()).map(({ state }) => state)).toEqual(registries.map(() => 'found'));
    expect(calls().filter((call) => call.startsWith('registries/'))).toHaveLength(3);
  });

  it('end a list that is longer than it is worth', async () => {
    const others = Array.from({ length: 400 }, (_, index) => registryOf(`a${index}`));
    const { readAll, calls } = await open(4, { resources: [...others, ...registries], pageSize: 50 });
    await readAll();
    expect(calls().filter((call) => call === lists.registries)).toHaveLength(5);
    expect(calls().filter((call) => call.startsWith('registries/'))).toHaveLength(5);
  });
});

describe('key holders that are going to be read', () => {
  it('come from the list of their kind, as a single read would answer them', async () => {
    const hsm = hsmOf('hsm-images');
    const { strong, azure, calls, run } = await open(5, { resources: [...vaults, hsm] });
    const answers = [];
    for (const { id } of [...vaults, hsm]) answers.push(await strong.readKeyHolder(toId(id), run));
    expect(calls()).toEqual([lists.vaults, 'Microsoft.KeyVault/managedHSMs']);
    for (const [index, { id }] of [...vaults, hsm].entries()) {
      const single = await azure.readKeyHolder(toId(id), run);
      const answer = answers[index];
      if (single.state !== 'found' || answer?.state !== 'found') throw new Error('not found');
      const { readings: _, ...value } = single.value;
      expect(answer.value).toMatchObject(value);
    }
  });

  it('of another subscription are read one by one', async () => {
    const elsewhere = vaultOf('kv-elsewhere', { subscription: otherSubscription });
    const { strong, calls, run } = await open(5, { resources: [elsewhere] });
    await strong.readKeyHolder(toId(elsewhere.id), run);
    expect(calls()).toEqual(['vaults/kv-elsewhere']);
  });
});

describe('role assignments that are going to be read', () => {
  const zones = '/providers/Microsoft.Management/managementGroups/zones';
  const scopes = [
    '/',
    zones,
    subscription,
    `${subscription}/resourceGroups/rg-keys`,
    vault.id,
    keyOf(vault).id,
  ];
  const resources = [
    vault,
    keyOf(vault),
    ...scopes.map((scope) => grantAt(scope)),
    grantAt(`${vault.id}2`),
    grantAt(`${vault.id}/keys/other`),
    grantAt(otherSubscription),
  ];
  const managementGroups = [{ name: 'zones', displayName: 'Zones', subscriptions: [subscriptionId] }];

  it('come from the list of a subscription, as a single read would answer them', async () => {
    const { strong, azure, calls, run } = await open(5, { resources, managementGroups });
    const key = keyOf(vault).id;
    const answer = await strong.readRoleAssignments(key.toUpperCase(), run);
    await strong.readRoleAssignments(vault.id, run);
    expect(calls()).toEqual([lists.roles]);
    const single = await azure.readRoleAssignments(key, run);
    if (single.state !== 'found' || answer.state !== 'found') throw new Error('not found');
    expect(single.value).toHaveLength(scopes.length);
    const toIds = (of: typeof single.value) => of.map(({ id }) => id.toLowerCase()).sort();
    expect(toIds(answer.value)).toEqual(toIds(single.value));
  });

  it('are read scope by scope where the list is not whole', async () => {
    const { strong, tenant, calls, run } = await open(5, { resources, managementGroups, pageSize: 3 });
    tenant.intercept(({ query }) =>
      query.$skiptoken && !query.$filter ? errorAnswer(403, 'AuthorizationFailed', 'No.') : undefined,
    );
    const answer = await strong.readRoleAssignments(keyOf(vault).id, run);
    expect(answer.state === 'found' && answer.value).toHaveLength(scopes.length);
    expect(calls().length).toBeGreaterThan(2);
  });
});
