import { type Authorization, authorizationOf } from '../../domain/estate/access/authorization.ts';
import { type Custody, toCustody } from '../../domain/estate/access/custody.ts';
import { keepsAuditEvents } from '../../domain/estate/diagnostic-settings.ts';
import type { FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import { type Lock, preventsDelete } from '../../domain/estate/lock.ts';
import type { Posture } from '../../domain/estate/posture.ts';
import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import { readLive, type Unfound } from '../posture/read-live.ts';
import type { CreateReader } from '../posture/read-posture.ts';

/** Whether something stands on the key holder; `unknown` where it could not be read. */
type Standing = 'yes' | 'no' | 'unknown';

/** Who holds the key of a registry, read from Azure. */
export interface CustodyView extends Custody {
  registryId: string;
  keyIdentifier?: string;
  keyHolderId: string;
  /** What says who may use the key. */
  authorization: Authorization;
  /** Whether a lock keeps the key holder from being deleted. */
  deleteLock: Standing;
  /** Whether a diagnostic setting keeps the key holder's audit events. */
  auditLog: Standing;
}

/** What asking for the custody of a registry came to. */
export type CustodyAnswer =
  | { state: 'found'; custody: CustodyView }
  | Unfound
  /** There is no key in sight to be held. */
  | { state: 'noKey'; reason: string };

/** Builds what reads who can unwrap with the key of a registry, change the key holder's access and manage the registry. */
export function createReadCustody(
  { azure }: Pick<Ports, 'azure'>,
  createReader: CreateReader,
): (id: ResourceId, run: Run) => Promise<CustodyAnswer> {
  return async (id, run) => {
    const live = await readLive({ azure, reader: createReader(run) }, id, run);
    if (live.state !== 'found') return live;
    const { posture } = live;
    const { keyHolder } = posture;
    if (keyHolder?.state !== 'found') return { state: 'noKey', reason: toNoKey(posture) };
    const locks = await azure.readLocks(keyHolder.id, run);
    return {
      state: 'found',
      custody: toView(posture, keyHolder, locks.state === 'found' ? locks.value : undefined),
    };
  };
}

function toNoKey({ keyHolder }: Posture): string {
  switch (keyHolder?.state) {
    case 'deleted':
      return 'key_holder_soft_deleted';
    case 'absent':
      return 'key_holder_absent';
    case 'unreadable':
      return keyHolder.reason;
    default:
      return 'no_customer_managed_key';
  }
}

function toView(posture: Posture, holder: FoundKeyHolder, locks: readonly Lock[] | undefined): CustodyView {
  const { registry, diagnosticSettings } = posture;
  const keyIdentifier = registry.encryption?.keyIdentifier;
  return {
    registryId: registry.id.id,
    ...(keyIdentifier ? { keyIdentifier } : {}),
    keyHolderId: holder.id,
    authorization: authorizationOf(holder),
    ...toCustody(posture, holder),
    deleteLock: locks ? toStanding(locks.some(preventsDelete)) : 'unknown',
    auditLog:
      diagnosticSettings?.state === 'found'
        ? toStanding(keepsAuditEvents(diagnosticSettings.settings))
        : 'unknown',
  };
}

function toStanding(stands: boolean): Standing {
  return stands ? 'yes' : 'no';
}
