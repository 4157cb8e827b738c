import { findRule } from '../rules/catalog.ts';

/** What a reason means, in the rule's own words where it has some; the code stays, since one searches for it. */
export function toReasonMeaning(rule: string, reason: string): string {
  const meaning = findRule(rule)?.reasons[reason];
  return meaning ? `${reason}: ${meaning.replace(/\.$/, '')}` : reason;
}
