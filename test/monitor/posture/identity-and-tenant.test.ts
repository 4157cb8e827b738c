import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import { keyBody, vaultBody } from '../../../simulator/tenant/key-holder-body.ts';
import { identityBody, managedIdentity } from '../../../simulator/tenant/managed-identity.ts';
import { registryBody } from '../../../simulator/tenant/registry-body.ts';
import { roleAssignmentBody } from '../../../simulator/tenant/role-assignment-body.ts';
import type { ArmBody } from '../../../simulator/tenant/tenant-contents.ts';
import { catalog } from '../../../src/rules/catalog.ts';
import { tenantId } from '../../simulator/tenant/tenant-clients.ts';
import { subscription } from '../bodies.ts';
import { startMonitor } from '../fixture.ts';
import { readView } from '../views.ts';

const group = 'rg-images';
const another = '9f8e7d6c-5b4a-4938-8271-605f4e3d2c1b';
const identity = managedIdentity(subscription, group, 'id-images');
const identityOf = identityBody(identity, 'westeurope', tenantId);
const role = 'Key Vault Crypto Service Encryption User';

/** A registry whose identity may use its key, in a vault of a tenant, by roles or by access policies. */
function toEstate(name: string, { ofVault = tenantId, by = 'roles' } = {}) {
  const holder = vaultBody({
    tenantId: ofVault,
    subscription,
    group,
    name: `kv-${name}`,
    location: 'westeurope',
    ...(by === 'roles' ? {} : { readers: [identity] }),
  });
  const key = keyBody(holder, { name: 'acr-cmk' });
  const uri = `https://kv-${name}.vault.azure.net/keys/acr-cmk`;
  const version = String(key.properties?.keyUriWithVersion).split('/').at(-1);
  const registry = registryBody({
    subscription,
    group,
    name,
    location: 'westeurope',
    identities: [identity],
    key: { keyIdentifier: uri, versionedKeyIdentifier: `${uri}/${version}`, identity: identity.clientId },
  });
  const grants =
    by === 'roles' ? [roleAssignmentBody({ scope: key.id, principalId: identity.principalId, role })] : [];
  return { registry, resources: [registry, holder, key, ...grants] };
}

const { registry, resources } = toEstate('images');
const identityRules = ['acr_identitydetached', 'key_noaccess'];
const rules = { disabled: catalog.map(({ id }) => id).filter((id) => !identityRules.includes(id)) };
const start = (inventory: 'graph' | 'arm', more: ArmBody[] = [identityOf], own = resources) =>
  startMonitor({ inventory, rules, resources: [...own, ...more] });
type Monitor = Awaited<ReturnType<typeof start>>;

const verdictsOf = async ({ store }: Monitor, id = registry.id) => (await readView(store, id)).verdicts;

describe.each(['graph', 'arm'] as const)('by an inventory of %s, an encryption identity', (inventory) => {
  it('that is there is no finding, and an unchanged sweep reads nothing anew', async () => {
    const monitor = await start(inventory);
    await monitor.sweep();
    expect(await verdictsOf(monitor)).toMatchObject({ acr_identitydetached: 'pass identity_attached' });
    expect(await monitor.sweep()).toMatchObject({ assessed: 0, rowsWritten: 1 });
  });

  it('that was deleted is found by the next sweep, while the registry still shows its ids, and after', async () => {
    const monitor = await start(inventory);
    await monitor.sweep();
    monitor.tenant.remove(identityOf.id);
    expect(await monitor.sweep()).toMatchObject({ assessed: 1, changed: 1 });
    expect(await verdictsOf(monitor)).toMatchObject({ acr_identitydetached: 'fail identity_deleted' });
    const nobody = { type: 'userAssigned', userAssignedIdentities: { [identity.id]: {} } };
    monitor.tenant.put({ ...registry, identity: nobody });
    await monitor.sweep();
    expect(await verdictsOf(monitor)).toMatchObject({
      acr_identitydetached: 'fail identity_deleted',
      key_noaccess: 'unknown identities_not_shown',
    });
    expect(await monitor.sweep()).toMatchObject({ assessed: 0 });
  });

  it('that was made again under the same name is another one', async () => {
    const monitor = await start(inventory);
    await monitor.sweep();
    monitor.tenant.put({ ...identityOf, properties: { ...identityOf.properties, clientId: another } });
    await monitor.sweep();
    expect(await verdictsOf(monitor)).toMatchObject({ acr_identitydetached: 'fail identity_deleted' });
  });
});

describe('an event', () => {
  it('of the identity’s deletion has the registries assessed that have it', async () => {
    const monitor = await start('graph');
    await monitor.sweep();
    monitor.tenant.remove(identityOf.id);
    expect(await monitor.hear(identityOf.id)).toMatchObject({ registries: 1, done: 1, changed: 1 });
    expect(await verdictsOf(monitor)).toMatchObject({ acr_identitydetached: 'fail identity_deleted' });
    expect(monitor.inbox.messages.length).toBeGreaterThan(0);
  });

  it('of it is left to the next sweep where there is no Resource Graph', async () => {
    const monitor = await start('arm');
    expect(await monitor.hear(identityOf.id)).toMatchObject({ registries: 0 });
  });

  it('of the registry reads the identity from ARM', async () => {
    const monitor = await start('graph', []);
    await monitor.hear(registry.id);
    expect(await verdictsOf(monitor)).toMatchObject({ acr_identitydetached: 'fail identity_deleted' });
  });

  it('goes by what Resource Graph shows where ARM refuses to show the identity, and does not know otherwise', async () => {
    const refuse = (monitor: Monitor) =>
      monitor.tenant.intercept(({ path }) =>
        path.toLowerCase().includes('/userassignedidentities/')
          ? errorAnswer(403, 'AuthorizationFailed', 'no')
          : undefined,
      );
    const shown = await start('graph');
    refuse(shown);
    await shown.hear(registry.id);
    expect(await verdictsOf(shown)).toMatchObject({ acr_identitydetached: 'pass identity_attached' });
    const hidden = await start('graph', []);
    refuse(hidden);
    await hidden.hear(registry.id);
    expect(await verdictsOf(hidden)).toMatchObject({ acr_identitydetached: 'unknown identity_forbidden' });
  });
});

describe.each(['roles', 'policies'])('a vault of another tenant that grants by %s', (by) => {
  const foreign = toEstate('foreign', { ofVault: another, by });

  it.each(['graph', 'arm'] as const)('refuses the identity, by a sweep over %s', async (inventory) => {
    const monitor = await start(inventory, [identityOf], foreign.resources);
    await monitor.sweep();
    expect(await verdictsOf(monitor, foreign.registry.id)).toMatchObject({
      key_noaccess: 'fail vault_of_another_tenant',
    });
    expect(await monitor.sweep()).toMatchObject({ assessed: 0 });
  });

  it('refuses it by an event, of a registry that was never seen, and after a sweep', async () => {
    const monitor = await start('graph', [identityOf], foreign.resources);
    for (const step of [
      () => monitor.hear(foreign.registry.id),
      monitor.sweep,
      () => monitor.hear(foreign.registry.id),
    ]) {
      await step();
      expect(await verdictsOf(monitor, foreign.registry.id)).toMatchObject({
        key_noaccess: 'fail vault_of_another_tenant',
      });
    }
  });
});
