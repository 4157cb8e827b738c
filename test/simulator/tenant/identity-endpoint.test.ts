import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { afterAll, expect, test } from 'vitest';
import { all, startForTest, subscriptionId, tenantId } from './tenant-clients.ts';

const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
afterAll(() => {
  restore('IDENTITY_ENDPOINT', IDENTITY_ENDPOINT);
  restore('IDENTITY_HEADER', IDENTITY_HEADER);
});

// One test for both credentials: in one process, managed identities keep to the endpoint they saw first.
test('serves the credentials of the SDK, whose tokens Resource Manager accepts', async () => {
  const credential = new ManagedIdentityCredential();
  const { tenant, subscriptions } = await startForTest({}, {}, credential);
  process.env.IDENTITY_ENDPOINT = tenant.identityEndpoint;
  process.env.IDENTITY_HEADER = tenant.identityHeader;
  const listed = await all(subscriptions.subscriptions.list());
  expect(listed.map((one) => one.subscriptionId)).toEqual([subscriptionId]);

  const resource = 'https://management.azure.com';
  const { token, expiresOnTimestamp } = await new DefaultAzureCredential().getToken(`${resource}/.default`);
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({
    tid: tenantId,
    aud: resource,
    oid: expect.any(String),
    appid: expect.any(String),
  });
  expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_600_000);
});

test('refuses requests without its header, or for no resource', async () => {
  const { tenant } = await startForTest({});
  const query = '?api-version=2019-08-01&resource=https://management.azure.com';
  const ask = async (url: string, header?: string) =>
    (await fetch(url, { headers: header ? { 'X-IDENTITY-HEADER': header } : {} })).status;
  expect(await ask(tenant.identityEndpoint + query)).toBe(401);
  expect(await ask(tenant.identityEndpoint + query, 'wrong')).toBe(401);
  expect(await ask(tenant.identityEndpoint, tenant.identityHeader)).toBe(400);
  expect(await ask(`${tenant.identityEndpoint}s${query}`, tenant.identityHeader)).toBe(404);
  expect(await ask(tenant.identityEndpoint + query, tenant.identityHeader)).toBe(200);
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
