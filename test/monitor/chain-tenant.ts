import {
  keyBody,
  keyVersionBody,
  managedHsmBody,
  vaultBody,
} from '../../simulator/tenant/key-holder-body.ts';
import { identityBody, managedIdentity } from '../../simulator/tenant/managed-identity.ts';
import { registryBody } from '../../simulator/tenant/registry-body.ts';
import { roleAssignmentBody } from '../../simulator/tenant/role-assignment-body.ts';
import type { ArmBody } from '../../simulator/tenant/tenant-contents.ts';
import { subscription, tenantId } from '../simulator/tenant/tenant-clients.ts';
import { type MonitorOptions, startMonitor } from './fixture.ts';
import { listCalls, readView } from './views.ts';

const location = 'westeurope';

/** The identity by which registries reach their keys. */
export const identity = managedIdentity(subscription, 'rg-images', 'id-images');

/** A vault that goes by roles, or by whatever else `properties` say. */
export function rolesVault(name = 'kv-images', properties: Record<string, unknown> = {}): ArmBody {
  const place = { tenantId, subscription, group: 'rg-keys', location, name };
  return vaultBody({
    ...place,
    properties: { enableRbacAuthorization: true, accessPolicies: [], ...properties },
  });
}

/** A Managed HSM. */
export const hsm = managedHsmBody({ tenantId, subscription, group: 'rg-keys', location, name: 'hsm-images' });

/** The newest version of a key. */
export function keyOf(holder: ArmBody, attributes: Record<string, unknown> = {}): ArmBody {
  return keyBody(holder, { name: 'images', version: 'newest', attributes });
}

/** An older version of a key. */
export function olderVersionOf(key: ArmBody, attributes: Record<string, unknown> = {}): ArmBody {
  return keyVersionBody(key, 'older', attributes);
}

/** A registry whose key is in a key holder; `inUse` is the version that it uses, `rest` replaces parts of the body. */
export function chainedRegistry(
  name: string,
  key: ArmBody,
  inUse: ArmBody = key,
  rest: Partial<ArmBody> = {},
): ArmBody {
  const { keyUri } = key.properties as { keyUri: string };
  const { keyUriWithVersion } = inUse.properties as { keyUriWithVersion: string };
  const body = registryBody({
    subscription,
    group: 'rg-images',
    location,
    name,
    key: {
      keyIdentifier: keyUri.replace(':443', ''),
      versionedKeyIdentifier: keyUriWithVersion.replace(':443', ''),
      identity: identity.clientId,
    },
    identities: [identity],
  });
  return { ...body, ...rest };
}

/** The role that a registry's identity needs, at a scope. */
export function grantAt(
  scope: string,
  rest: Partial<Parameters<typeof roleAssignmentBody>[0]> = {},
): ArmBody {
  const role = 'Key Vault Crypto Service Encryption User';
  return roleAssignmentBody({ scope, role, principalId: identity.principalId, ...rest });
}

export const vault = rolesVault();
export const key = keyOf(vault);
export const registry = chainedRegistry('images', key);
export const grant = grantAt(vault.id);
const identityRow = identityBody(identity, location, tenantId);

/** All that a healthy registry hangs on. */
export const healthy = [registry, vault, key, grant, identityRow];

/** A monitor with all rules that are on by default. */
export async function openChain(options: MonitorOptions = {}) {
  const monitor = await startMonitor({ resources: healthy, rules: {}, ...options });
  const { tenant, store } = monitor;
  return {
    ...monitor,
    /** Verdict and reason of one rule, or of each. */
    verdicts: async (id = registry.id) => (await readView(store, id)).verdicts,
    callsOf: async (work: () => Promise<unknown>) => {
      const since = tenant.calls.length;
      await work();
      return listCalls(tenant, since);
    },
  };
}
