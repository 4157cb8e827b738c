import { toDeletedHolder } from '../../simulator/tenant/deleted-holder.ts';
import { managedHsmBody, vaultBody } from '../../simulator/tenant/key-holder-body.ts';
import { managedIdentity } from '../../simulator/tenant/managed-identity.ts';
import { registryBody } from '../../simulator/tenant/registry-body.ts';
import type { ArmBody } from '../../simulator/tenant/tenant-contents.ts';
import { toDeletedKeyHolder, toKeyHolder } from '../../src/bodies/key-holder.ts';
import { toRegistry } from '../../src/bodies/registry.ts';
import type { KeyHolder } from '../../src/domain/estate/key-holder.ts';
import { type Posture, toKey } from '../../src/domain/estate/posture.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';
import { parseResourceId, type ResourceId } from '../../src/domain/estate/resource-id.ts';
import type { Verdict } from '../../src/domain/record/verdict.ts';
import { createRuleSet } from '../../src/rules/rule-set.ts';

/** When all judging takes place. */
export const now = new Date('2026-08-01T06:00:00.000Z');

/** Where everything lies. */
export const place = {
  subscription: '/subscriptions/6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b',
  group: 'rg-images',
  location: 'westeurope',
  tenantId: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
};

/** The user-assigned identity by which registries reach their key. */
export const identity = managedIdentity(place.subscription, place.group, 'id-images');

/** A read of Azure, as evidence names it. */
export function readingOf(what: Reading['what'], id: string): Reading {
  return { what, id, at: '2026-08-01T06:00:00.000Z', from: `GET https://arm.example${id}`, status: 200 };
}

/** A registry's body without a customer-managed key; `properties` replaces some, undefined leaves one out. */
export function plainRegistry(
  properties: Record<string, unknown> = {},
  rest: Partial<ArmBody> = {},
): ArmBody {
  const body = registryBody({ ...place, name: 'acrimages' });
  return { ...body, ...rest, properties: { ...body.properties, ...properties } };
}

/** A registry's body with a customer-managed key in vault `kv-images`; `key` replaces fields of it, `rest` of the body. */
export function keyedRegistry(key: Record<string, unknown> = {}, rest: Partial<ArmBody> = {}): ArmBody {
  const keyIdentifier = 'https://kv-images.vault.azure.net/keys/acr-cmk';
  const versionedKeyIdentifier = `${keyIdentifier}/0123456789abcdef0123456789abcdef`;
  const keyVaultProperties = {
    keyIdentifier,
    versionedKeyIdentifier,
    identity: identity.clientId,
    keyRotationEnabled: true,
    ...key,
  };
  return plainRegistry(
    { encryption: { status: 'enabled', keyVaultProperties } },
    { ...ownIdentity, ...rest },
  );
}

const { id, clientId, principalId } = identity;
const ownIdentity = {
  identity: { type: 'userAssigned', userAssignedIdentities: { [id]: { clientId, principalId } } },
};

/** Vault `kv-images` with purge protection, or with other properties. */
export function vault(properties: Record<string, unknown> = {}): ArmBody {
  return vaultBody({ ...place, name: 'kv-images', properties });
}

/** Managed HSM `hsm-images` with purge protection, or with other properties. */
export function managedHsm(properties: Record<string, unknown> = {}): ArmBody {
  return managedHsmBody({ ...place, name: 'hsm-images' }, properties);
}

/** What the reader makes of the body of a live key holder. */
export function found(body: ArmBody): KeyHolder {
  const id = parseResourceId(body.id) as ResourceId;
  return toKeyHolder(body, readingOf(id.kind, body.id), id);
}

/** What the reader makes of a key holder that was deleted, some properties of its record replaced. */
export function deleted(body: ArmBody, properties: Record<string, unknown> = {}): KeyHolder {
  const isVault = body.id.includes('/vaults/');
  const [kind, what] = isVault
    ? (['vault', 'deletedVault'] as const)
    : (['managedHsm', 'deletedManagedHsm'] as const);
  const record = toDeletedHolder(body, isVault ? 'vaults' : 'managedHSMs', new Date('2026-07-30T12:00:00Z'));
  const where = { kind, name: String(body.name), subscriptionId: '', location: 'westeurope' };
  const changed = { ...record, properties: { ...record?.properties, ...properties } };
  return toDeletedKeyHolder(changed, readingOf(what, String(record?.id)), where);
}

/** A key holder whose name is free. */
export const absent: KeyHolder = { state: 'absent', readings: [readingOf('nameAvailability', 'kv-images')] };
/** A key holder that answers 403. */
export const unreadable: KeyHolder = {
  state: 'unreadable',
  reason: 'key_holder_unreadable',
  id: vault().id,
  readings: [{ ...readingOf('vault', vault().id), status: 403 }],
};
/** A key holder whose name is taken somewhere out of sight. */
export const notVisible: KeyHolder = {
  state: 'unreadable',
  reason: 'key_holder_not_visible',
  readings: [readingOf('nameAvailability', 'kv-images')],
};

/** What was read beside a registry, and from where on rules fail. */
export interface Parts extends Partial<Omit<Posture, 'registry'>> {
  /** By the name of their setting. */
  thresholds?: Record<string, number>;
  /** Likewise, what rules make of what is disputed. */
  choices?: Record<string, string>;
}

/** The posture of a registry's body, with what else was read where it names a key. */
export function toPosture(body: ArmBody, { thresholds: _, choices: __, ...parts }: Parts = {}): Posture {
  const registry = toRegistry(body, readingOf('registry', body.id));
  return { registry, ...(typeof toKey(registry) === 'object' ? parts : {}) };
}

/** What a rule says of a registry's body and what else was read. */
export function judge(rule: string, body: ArmBody, parts: Parts = {}): Verdict {
  const verdict = judgeAll(toPosture(body, parts), parts).find((one) => one.rule === rule);
  if (!verdict) throw new Error(`There is no rule ${rule}`);
  return verdict;
}

/** What all rules say of a posture, those that are off by default included. */
export function judgeAll(
  posture: Posture,
  { thresholds = {}, choices = {} }: Pick<Parts, 'thresholds' | 'choices'> = {},
): Verdict[] {
  const ruleSet = createRuleSet({ enabled: ['all'], thresholds, choices });
  return ruleSet.evaluate(posture, now);
}
