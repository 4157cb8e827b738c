import type { DeletedKeyHolder, FoundKeyHolder } from '../../domain/estate/key-holder.ts';
import type { Posture } from '../../domain/estate/posture.ts';
import { toKey } from '../../domain/estate/posture.ts';
import { hasCustomerKey } from '../../domain/estate/registry.ts';
import type { JudgeContext, Judgement } from '../rule.ts';

/** What a rule on the key holder says in each state; `notApplicable` where it says nothing. */
export interface KeyHolderCases {
  found(holder: FoundKeyHolder, posture: Posture, context: JudgeContext): Judgement;
  deleted?(holder: DeletedKeyHolder): Judgement;
  absent?(): Judgement;
}

/** Reasons that rules on key holder and key share, and what they mean. */
export const commonReasons: Record<string, string> = {
  no_customer_managed_key: 'The registry has no customer-managed key.',
  encryption_status_unrecognised: 'Azure shows a state of encryption that is not documented.',
  key_identifier_unusable: 'The key identifier is missing, is no address, or names no key.',
  key_holder_soft_deleted: 'The key holder is soft-deleted.',
  key_holder_absent: 'The key holder exists nowhere: its name is free.',
  key_holder_unreadable: 'Azure refuses to show the key holder.',
  key_holder_not_visible: 'The key holder was found in no subscription in sight, and its name is taken.',
};

/** Turns the cases of a key holder into a judgement on a posture: without a customer key nothing applies, and what can't be seen is `unknown`. */
export function judgeKeyHolder(
  cases: KeyHolderCases,
): (posture: Posture, context: JudgeContext) => Judgement {
  return judgeCustomerKey((posture, context) => {
    const { keyHolder } = posture;
    if (!keyHolder) return unknown('key_identifier_unusable');
    switch (keyHolder.state) {
      case 'found':
        return cases.found(keyHolder, posture, context);
      case 'deleted':
        return cases.deleted?.(keyHolder) ?? notApplicable('key_holder_soft_deleted');
      case 'absent':
        return cases.absent?.() ?? notApplicable('key_holder_absent');
      case 'unreadable':
        return unknown(keyHolder.reason);
    }
  });
}

/** Judges registries that have a customer-managed key; without one nothing applies. */
export function judgeCustomerKey(
  judge: (posture: Posture, context: JudgeContext) => Judgement,
): (posture: Posture, context: JudgeContext) => Judgement {
  return (posture, context) => {
    const { registry } = posture;
    const judgement = judgeKeyed();
    return {
      ...judgement,
      values: { keyIdentifier: registry.encryption?.keyIdentifier, ...judgement.values },
    };

    function judgeKeyed(): Judgement {
      if (hasCustomerKey(registry.encryption) === 'unknown') return unknown('encryption_status_unrecognised');
      if (toKey(registry) === 'none') return notApplicable('no_customer_managed_key');
      return judge(posture, context);
    }
  };
}

/** A judgement that says that nothing can be told. */
export function unknown(reason: string, values: Record<string, unknown> = {}): Judgement {
  return { outcome: 'unknown', reason, values };
}

/** A judgement that says that there is nothing to judge. */
export function notApplicable(reason: string, values: Record<string, unknown> = {}): Judgement {
  return { outcome: 'notApplicable', reason, values };
}
