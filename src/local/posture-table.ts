import { type App, catalog, type RegistrySummary } from '../app.ts';
import { toOutcomeCell, toTable } from '../cli/table.ts';

/** Reads all known registries, through all pages. */
export async function readPosture(
  read: (cursor?: string) => ReturnType<App['queries']['registries']>,
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

/** Each registry with the outcome of each rule, and the reasons of what does not pass. */
export function toPostureTable(registries: readonly RegistrySummary[]): string {
  const rules = catalog.map(({ id }) => id);
  const rows = registries.slice(0, maxRows).map(({ name, resourceGroup, sku = '', verdicts }) => [
    name,
    resourceGroup,
    sku,
    ...rules.map((rule) => toOutcomeCell(toShort(verdicts[rule]?.outcome))),
    [
      ...new Set(
        Object.values(verdicts)
          .filter(isTold)
          .map(({ reason }) => reason),
      ),
    ].join(', '),
  ]);
  const table = toTable(['REGISTRY', 'RESOURCE GROUP', 'SKU', ...rules, 'REASONS'], rows);
  const rest = registries.length - rows.length;
  return rest > 0 ? `${table}\n... and ${rest} more` : table;
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

function isTold({ outcome }: { outcome: string }): boolean {
  return outcome === 'fail' || outcome === 'unknown';
}

function toShort(outcome: string | undefined): string {
  return outcome === 'notApplicable' || outcome === undefined ? '-' : outcome;
}
