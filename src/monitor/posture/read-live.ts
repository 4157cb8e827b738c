import type { Posture } from '../../domain/estate/posture.ts';
import { isTerminal, type Registry } from '../../domain/estate/registry.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { ArmAnswer, AzureReader } from '../ports/azure-ports.ts';
import type { Run } from '../ports/ports.ts';
import type { PostureReader } from './read-posture.ts';

/** A registry as Azure shows it now, without anything being written. */
export type LivePosture = { state: 'found'; posture: Posture } | Unfound;

/** Why a registry can't be judged now. */
export type Unfound =
  | { state: 'gone' }
  /** It is still being created or changed: its body can't be judged yet. */
  | { state: 'notTerminal'; provisioningState: string }
  | { state: 'unreadable'; reason: 'registry_forbidden' | 'subscription_lost' };

/** Reads a registry and what its key hangs on. */
export async function readLive(
  { azure, reader }: { azure: AzureReader; reader: PostureReader },
  id: ResourceId,
  run: Run,
): Promise<LivePosture> {
  const answer = await azure.readRegistry(id, run);
  const judgeable = toJudgeable(answer);
  if (judgeable.state !== 'found') return judgeable;
  const posture = await reader.complete(judgeable.registry);
  const [failure] = posture.failures?.values() ?? [];
  if (failure) throw failure;
  return { state: 'found', posture };
}

/** The registry of ARM's answer where it can be judged, and why not where it can't. */
export function toJudgeable(answer: ArmAnswer<Registry>): { state: 'found'; registry: Registry } | Unfound {
  switch (answer.state) {
    case 'gone':
      return { state: 'gone' };
    case 'forbidden':
      return { state: 'unreadable', reason: 'registry_forbidden' };
    case 'subscriptionLost':
      return { state: 'unreadable', reason: 'subscription_lost' };
    case 'found': {
      const { provisioningState } = answer.value;
      return isTerminal(provisioningState)
        ? { state: 'found', registry: answer.value }
        : { state: 'notTerminal', provisioningState: provisioningState ?? '' };
    }
  }
}
