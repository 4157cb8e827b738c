import type { FoundKeyHolder } from '../key-holder.ts';
import type { Posture } from '../posture.ts';
import { isSameId } from '../resource-id.ts';

/** The tenant whose tokens a registry's identities come with, and the one whose tokens a vault takes. */
export interface Tenants {
  own: string;
  vault: string;
}

/** The two tenants where they differ: the vault then refuses every identity of the registry. Undefined also where one is not told. */
export function findOtherTenant(
  { registry, tenantId }: Pick<Posture, 'registry' | 'tenantId'>,
  holder: FoundKeyHolder,
): Tenants | undefined {
  const own = registry.identity?.tenantId ?? tenantId;
  const vault = holder.tenantId;
  return own && vault && !isSameId(own, vault) ? { own, vault } : undefined;
}
