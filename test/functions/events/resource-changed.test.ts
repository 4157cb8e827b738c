import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { InvocationContext } from '@azure/functions';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startAzurite } from '../../../simulator/demo/azurite.ts';
import { startSimulatedTenant } from '../../../simulator/tenant/simulated-tenant.ts';
import { handleEvents } from '../../../src/functions/events/resource-changed.ts';
import { blankSettings, toEvent } from '../monitor-host.ts';
import { registry, smallTenant } from '../small-tenant.ts';

/** The handler of events as it is registered, and the tenant that it watches. */
async function open() {
  const [azurite, tenant] = await Promise.all([
    startAzurite(),
    startSimulatedTenant({ contents: smallTenant() }),
  ]);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await Promise.all([azurite.close(), tenant.close()]);
  });
  setDefaultCACertificates([...getCACertificates(), tenant.certificate]);
  const settings = {
    ...blankSettings(),
    FindingsStorage: azurite.connectionString,
    ARM_ENDPOINT: tenant.armEndpoint,
    IDENTITY_ENDPOINT: tenant.identityEndpoint,
    IDENTITY_HEADER: tenant.identityHeader,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const context = { info: log, warn: log } as unknown as InvocationContext;
  return { tenant, lines, handle: (events: unknown) => handleEvents(events, context) };
}

it('a batch that a host hands over is handled side by side, and what is none of ours only acknowledged', async () => {
  const { tenant, lines, handle } = await open();
  const [first, second] = [registry('acrPlain'), registry('acrgood', { vault: 'kv-good' })];
  const reached = Promise.withResolvers<void>();
  tenant.intercept(async ({ path }) => {
    if (path === second.id) reached.resolve();
    // Handled one after the other, the first would wait for ever.
    if (path === first.id) await reached.promise;
    return undefined;
  });
  await handle([toEvent(first), null, toEvent(second), { ...toEvent(first), eventType: 'Other' }]);
  const done = ': 1 registries, 1 assessed, 1 changed, 0 due';
  expect(lines.sort()).toEqual([
    'Event acknowledged and ignored: not_an_event',
    'Event acknowledged and ignored: other_event_type',
    `Microsoft.Example/resources/write on ${first.id}${done}`,
    `Microsoft.Example/resources/write on ${second.id}${done}`,
  ]);
});
