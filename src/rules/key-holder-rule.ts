import type { DeletedKeyHolder, FoundKeyHolder } from '../domain/key-holder.ts';
import type { Posture } from '../domain/posture.ts';
import { toKey } from '../domain/posture.ts';
import { hasCustomerKey } from '../domain/registry.ts';
import type { Judgement } from './rule.ts';

/** What a rule on the key holder says in each state; `notApplicable` where it says nothing. */
export interface KeyHolderCases {
  found(holder: FoundKeyHolder): Judgement;
  deleted?(holder: DeletedKeyHolder): Judgement;
  absent?(): Judgement;
}

/** Turns the cases of a key holder into a judgement on a posture: without a customer key nothing applies, and what can't be seen is `unknown`. */
export function judgeKeyHolder(cases: KeyHolderCases): (posture: Posture) => Judgement {
  return ({ registry, keyHolder }) => {
    const values = { keyIdentifier: registry.encryption?.keyIdentifier };
    const judgement = judge();
    return { ...judgement, values: { ...values, ...judgement.values } };

    function judge(): Judgement {
      if (hasCustomerKey(registry.encryption) === 'unknown') return unknown('encryption_status_unrecognised');
      if (toKey(registry) === 'none') return notApplicable('no_customer_managed_key');
      if (!keyHolder) return unknown('key_identifier_unusable');
      switch (keyHolder.state) {
        case 'found':
          return cases.found(keyHolder);
        case 'deleted':
          return cases.deleted?.(keyHolder) ?? notApplicable('key_holder_soft_deleted');
        case 'absent':
          return cases.absent?.() ?? notApplicable('key_holder_absent');
        case 'unreadable':
          return unknown(keyHolder.reason);
      }
    }
  };
}

function unknown(reason: string): Judgement {
  return { outcome: 'unknown', reason, values: {} };
}

function notApplicable(reason: string): Judgement {
  return { outcome: 'notApplicable', reason, values: {} };
}
