import { beforeAll, describe, expect, it } from 'vitest';
import { subscriptionBody } from '../../../simulator/tenant/subscription-body.ts';
import { healthy, identity, keyOf, registry, vault } from '../../monitor/chain-tenant.ts';
import { subscriptionId, tenantId } from '../../simulator/tenant/tenant-clients.ts';
import { startMonitorHost } from '../monitor-host.ts';

const route = `/api/registries/${subscriptionId}/rg-images/images`;
let monitor: Awaited<ReturnType<typeof startMonitorHost>>;

beforeAll(async () => {
  const subscriptions = [subscriptionBody(`/subscriptions/${subscriptionId}`, 'Production', tenantId)];
  const resources = healthy.filter((one) => one.id !== keyOf(vault).id);
  monitor = await startMonitorHost({
    contents: { tenantId, subscriptions, resources: [...resources, keyOf(vault, { enabled: false })] },
    rulesDisabled: '',
  });
  await monitor.host.runTimer('sweep');
});

const paths = [`${route}/custody`, `${route}/remedy`, '/api/blast-radius?of=kv-images'];

it.each(paths)('%s is refused without the function key', async (path) => {
  expect((await monitor.ask(path, {} as never)).status).toBe(401);
});

it.each([`${route}/custody`, `${route}/remedy`])(
  '%s is 404 for a registry that does not exist',
  async (path) => {
    const response = await monitor.ask(path.replace('/images/', '/none/'));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      title: 'Not found',
      detail: 'Registry none does not exist',
    });
  },
);

it.each([
  [`${route}/custody?x=1`, 'unknown parameter x'],
  [`${route}/remedy?rule=acr_none`, /^rule must be one of acr_nocmk, /],
  ['/api/blast-radius', /^of /],
  ['/api/blast-radius?of=', 'of must not be empty'],
  ['/api/blast-radius?of=%20', 'of must not be empty'],
])('%s is 400, with the parameter’s name', async (path, detail) => {
  const response = await monitor.ask(path);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ detail: expect.stringMatching(detail) });
});

describe('a failed call to Azure', () => {
  it.each([`${route}/custody`, `${route}/remedy`])('is 503, not an answer: %s', async (path) => {
    monitor.tenant.intercept(async ({ path: asked }) =>
      asked.endsWith('/keys/images') ? { kind: 'json', status: 400, body: {} } : undefined,
    );
    const response = await monitor.ask(path);
    monitor.tenant.intercept(undefined);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ title: 'Azure could not be read' });
  });
});

it('the custody names who can unwrap', async () => {
  expect(await monitor.getJson(`${route}/custody`)).toMatchObject({
    registryId: registry.id,
    keyHolderId: vault.id,
    canUnwrap: [{ principalId: identity.principalId }],
    inBoth: [],
  });
});

it('the remedy has the commands for what fails, with the names of this registry', async () => {
  const { items } = await monitor.getJson<{ items: Record<string, string>[] }>(`${route}/remedy`);
  expect(items.map(({ rule, reason }) => [rule, reason])).toEqual([['key_unusable', 'key_disabled']]);
  expect(items[0]?.az).toContain('kv-images');
  expect(items[0]?.verify).toContain(`acr-cmk assess ${registry.id}`);
  expect(items[0]?.expect).toMatch(/^key_unusable pass /);
});

it('the remedy of a rule that is off is told when it is asked for', async () => {
  const asked = `${route}/remedy?rule=kv_noauditlog&rule=kv_missing`;
  const { items } = await monitor.getJson<{ items: Record<string, string>[] }>(asked);
  expect(items.map(({ rule }) => rule)).toEqual(['kv_noauditlog']);
});

it('the blast radius names the registries that hang on a vault', async () => {
  expect(await monitor.getJson('/api/blast-radius?of=kv-images')).toMatchObject({
    items: [
      {
        keyHolderId: vault.id,
        registries: [{ registryId: registry.id }],
        recovery: { isRecoverable: 'yes' },
      },
    ],
  });
  expect(await monitor.getJson('/api/blast-radius?of=kv-none')).toMatchObject({
    items: [],
    notKnown: [{ code: 'key_holder_not_known' }],
  });
});
