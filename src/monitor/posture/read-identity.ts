import { type IdentityResource, toIdentityOfKey } from '../../domain/estate/identity-resource.ts';
import type { Reading } from '../../domain/estate/reading.ts';
import { hasCustomerKey, type Registry } from '../../domain/estate/registry.ts';
import { isSameId } from '../../domain/estate/resource-id.ts';
import type { ArmAnswer } from '../ports/azure-ports.ts';
import type { MemoReads } from './memo-reads.ts';
import { toUnreadable } from './unreadable.ts';

/** A user-assigned identity that an inventory shows. */
export interface ShownIdentity {
  clientId: string;
  reading: Reading;
}

/** Reads whether the user-assigned identity of a registry's key is still there; undefined where there is none to be read. */
export async function readIdentity(
  reads: MemoReads,
  registry: Registry,
): Promise<IdentityResource | undefined> {
  const named = hasCustomerKey(registry.encryption) === true ? toIdentityOfKey(registry) : undefined;
  if (!named) return undefined;
  const answer = await reads.readIdentity(named.id);
  switch (answer.state) {
    case 'found': {
      const { value: clientId, reading } = answer;
      const isSame = !clientId || isSameId(clientId, registry.encryption?.identity?.trim() ?? '');
      return { state: isSame ? 'found' : 'absent', readings: [reading] };
    }
    case 'gone':
      return { state: 'absent', readings: [answer.reading] };
    default: {
      // What Resource Manager does not show, Resource Graph may: it names the identities in sight by their object ids.
      const { principalId } = named;
      const isShown =
        principalId && (await reads.readIdentities([principalId])).has(principalId.toLowerCase());
      if (isShown) return { state: 'found', readings: [answer.reading] };
      return toUnreadable(answer, {
        forbidden: 'identity_forbidden',
        otherwise: 'identity_not_visible',
        action: 'Microsoft.ManagedIdentity/userAssignedIdentities/read',
      });
    }
  }
}

/** Reads that take what an inventory shows of identities; what it does not show may be gone, which others have to say. */
export function withShownIdentities(reads: MemoReads, shown: ReadonlyMap<string, ShownIdentity>): MemoReads {
  return {
    ...reads,
    readIdentity: async (id): Promise<ArmAnswer<string | undefined>> => {
      const own = shown.get(id.toLowerCase());
      return own ? { state: 'found', value: own.clientId, reading: own.reading } : reads.readIdentity(id);
    },
  };
}
