import type { ResourceId } from '../../domain/estate/resource-id.ts';
import type { Verdict } from '../../domain/record/verdict.ts';
import { type Remedy, toRemedy } from '../../rules/remedy-of.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import type { Ports } from '../ports/monitor-ports.ts';
import type { Run } from '../ports/ports.ts';
import { readLive, type Unfound } from '../posture/read-live.ts';
import type { CreateReader } from '../posture/read-posture.ts';

/** How to mend what one rule finds on a registry. */
export interface RemedyView extends Remedy {
  severity: Verdict['severity'];
  reason: string;
}

/** What asking for remedies came to. */
export type RemediesAnswer =
  | {
      state: 'found';
      /** One for each rule that fails now, in the order of the catalog. */
      items: RemedyView[];
      /** Rules that were asked for and don't fail, with what they say. */
      others: Pick<Verdict, 'rule' | 'outcome' | 'reason'>[];
    }
  | Unfound;

/** Reads a registry, and tells how to mend what fails on it by a set of rules; of the given ones alone where there are some. */
export async function readRemedies(
  { azure, now }: Pick<Ports, 'azure' | 'now'>,
  { rules, createReader }: { rules: RuleSet; createReader: CreateReader },
  { id, only, run }: { id: ResourceId; only: readonly string[]; run: Run },
): Promise<RemediesAnswer> {
  const live = await readLive({ azure, reader: createReader(run) }, id, run);
  if (live.state !== 'found') return live;
  const verdicts = rules.evaluate(live.posture, now());
  const asked = verdicts.filter(({ rule }) => only.length === 0 || only.includes(rule));
  return {
    state: 'found',
    items: asked.flatMap(({ rule, outcome, severity, reason }) => {
      const remedy = outcome === 'fail' ? toRemedy(rule, live.posture, reason) : undefined;
      return remedy ? { ...remedy, severity, reason } : [];
    }),
    others: asked
      .filter(({ outcome }) => outcome !== 'fail')
      .map(({ rule, outcome, reason }) => ({ rule, outcome, reason })),
  };
}
