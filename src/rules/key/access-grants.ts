import { unknown } from '../key-holder/key-holder-rule.ts';
import type { Judgement } from '../rule.ts';

/** What a registry's identity needs of its key, in the words of access policies. */
export const needs = ['get', 'wrapKey', 'unwrapKey'] as const;
/** One of the {@link needs}. */
export type Need = (typeof needs)[number];

/** Doubts whether a grant reaches the identity, in the order in which they are told. */
const doubts = [
  'access_policy_unrecognised',
  'access_conditional',
  'role_unreadable',
  'access_through_group',
  'access_principal_unknown',
] as const;
/** Why a grant may not reach the identity. */
export type Doubt = (typeof doubts)[number];

/** Something that lets a principal use the key. */
export interface Grant {
  /** Id of the role assignment, or object id of the access policy's entry. */
  by: string;
  gives: readonly Need[];
  /** Absent where it certainly reaches the identity. */
  doubt?: Doubt;
}

/** Reasons that {@link judgeGrants} gives, and what they mean. */
export const grantReasons: Record<string, string> = {
  access_granted: 'The identity may get, wrap and unwrap.',
  access_missing: 'The identity lacks one of get, wrap and unwrap, and nothing that is seen could give it.',
  access_policy_unrecognised: 'What could give the identity access is an access policy in no known shape.',
  access_conditional: 'What could give the identity access is a role assignment with a condition.',
  role_unreadable: 'What could give the identity access is a role whose definition can’t be read.',
  access_through_group: 'What could give the identity access goes to a group, or to what may be one.',
  access_principal_unknown: 'What could give the identity access goes to a principal of unknown type.',
};

/** How many grants evidence names at most. */
const maxNamed = 10;

/** Whether grants together let the identity get, wrap and unwrap: doubtful ones make it `unknown` only if they could complete the set. */
export function judgeGrants(grants: readonly Grant[], values: Record<string, unknown>): Judgement {
  const certain = grants.filter(({ doubt, gives }) => !doubt && gives.length > 0);
  const granted = needs.filter((need) => certain.some(({ gives }) => gives.includes(need)));
  const missing = needs.filter((need) => !granted.includes(need));
  const possible = grants.filter(({ doubt, gives }) => doubt && gives.some((need) => missing.includes(need)));
  const couldBeComplete = missing.every((need) => possible.some(({ gives }) => gives.includes(need)));
  const doubt = doubts.find((one) => possible.some((grant) => grant.doubt === one));
  if (missing.length === 0) return { outcome: 'pass', reason: 'access_granted', values: toValues(certain) };
  if (couldBeComplete && doubt) return unknown(doubt, toValues(possible));
  return { outcome: 'fail', reason: 'access_missing', values: toValues(certain) };

  function toValues(named: readonly Grant[]): Record<string, unknown> {
    const by = [...new Set(named.map((grant) => grant.by))].slice(0, maxNamed);
    return { ...values, granted, missing, by };
  }
}
