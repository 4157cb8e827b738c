import { type Posture, toKey } from '../domain/posture.ts';
import type { Registry } from '../domain/registry.ts';
import type { KeyHolderFinder } from './find-key-holder.ts';

/** Reads what the rules need beside the registry itself. */
export async function completePosture(registry: Registry, keyHolders: KeyHolderFinder): Promise<Posture> {
  const key = toKey(registry);
  if (typeof key === 'string') return { registry };
  return { registry, keyHolder: await keyHolders.find(key, registry.id.subscriptionId) };
}
