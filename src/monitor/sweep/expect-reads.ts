import { toKey } from '../../domain/estate/posture.ts';
import type { Registry } from '../../domain/estate/registry.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { ExpectedReads } from '../posture/strong-reads.ts';

/** Where the key holder of a registry's key is, as far as that is known. */
export type HolderSubscription = (registry: Registry) => string | undefined;

/** What assessing some registries is going to read, by subscription: of what they share, each thing once. */
export function expectReads(
  registries: readonly Registry[],
  rules: RuleSet,
  subscriptionOf: HolderSubscription,
): ExpectedReads {
  const hosts = new Map<string, Set<string>>();
  const scopes = new Map<string, Set<string>>();
  const asked = new Map<string, Set<string>>();
  for (const registry of registries) {
    add(asked, registry.id.subscriptionId, registry.id.id);
    const key = toKey(registry);
    if (typeof key === 'string') continue;
    const subscription = subscriptionOf(registry);
    if (rules.needs('registryRoles')) add(scopes, registry.id.subscriptionId, registry.id.id);
    if (!subscription) continue;
    add(hosts, subscription, key.host);
    if (rules.needs('keyRoles')) add(scopes, subscription, `${key.host}/${key.keyName}`);
  }
  return { registries: toSizes(asked), keyHolders: toSizes(hosts), scopes: toSizes(scopes) };
}

function add(sets: Map<string, Set<string>>, subscriptionId: string, item: string): void {
  const key = subscriptionId.toLowerCase();
  const known = sets.get(key);
  if (known) known.add(item);
  else sets.set(key, new Set([item]));
}

function toSizes(sets: ReadonlyMap<string, ReadonlySet<string>>): Map<string, number> {
  return new Map([...sets].map(([key, { size }]) => [key, size]));
}
