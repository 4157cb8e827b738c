import { toOutcomeCell, toTable } from '../../src/cli/table.ts';
import type { Queries, RegistrySummary } from '../../src/monitor/answers/queries.ts';
import { catalog } from '../../src/rules/catalog.ts';

/** Reads all known registries, through all pages. */
export async function readPosture(
  read: (cursor?: string) => ReturnType<Queries['registries']>,
): Promise<RegistrySummary[]> {
  const registries: RegistrySummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    registries.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return registries.filter(({ state }) => state === 'present');
}

/** Rows that a terminal can do with. */
const maxRows = 60;

/** Each registry with what does not pass on it, and why. */
export function toPostureTable(registries: readonly RegistrySummary[]): string {
  const rows = registries.slice(0, maxRows).map(({ name, resourceGroup, sku = '', verdicts }) => {
    const [worst, ...others] = toTold(verdicts);
    const [first = [toOutcomeCell('pass'), '', ''], ...more] = worst ? [worst, ...others] : [];
    return [[name, resourceGroup, sku, ...first], ...more.map((told) => ['', '', '', ...told])];
  });
  const table = toTable(['REGISTRY', 'RESOURCE GROUP', 'SKU', 'OUTCOME', 'RULE', 'REASON'], rows.flat());
  const rest = registries.length - rows.length;
  return rest > 0 ? `${table}\n... and ${rest} more` : table;
}

/** Outcome, rules and reason of what fails, in the order of the catalog, and then of what can't be told. */
function toTold(verdicts: RegistrySummary['verdicts']): string[][] {
  return ['fail', 'unknown'].flatMap((outcome) => {
    const rules = catalog.map(({ id }) => id).filter((id) => verdicts[id]?.outcome === outcome);
    const byReason = Map.groupBy(rules, (id) => verdicts[id]?.reason ?? '');
    return [...byReason].map(([reason, [first = '', ...others]]) => [
      toOutcomeCell(outcome),
      others.length > 0 ? `${first} and ${others.length} more` : first,
      reason,
    ]);
  });
}

/** Counts of outcomes: registries that pass all, fail one, or can't be told. */
export function toPostureSummary(registries: readonly RegistrySummary[]): string {
  const failing = registries.filter(({ verdicts }) => has(verdicts, 'fail')).length;
  const unknown = registries.filter(
    ({ verdicts }) => !has(verdicts, 'fail') && has(verdicts, 'unknown'),
  ).length;
  const passing = registries.length - failing - unknown;
  return `${registries.length} registries: ${passing} pass, ${failing} fail, ${unknown} could not be told`;
}

function has(verdicts: RegistrySummary['verdicts'], outcome: string): boolean {
  return Object.values(verdicts).some((verdict) => verdict.outcome === outcome);
}
