import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A template that is kept compiled beside its source. */
export interface Compiled {
  source: string;
  compiled: string;
}

/** A parameter file, and what Bicep has to be told to evaluate it. */
export interface Scenario {
  parameters: string;
  snapshot: string;
  /** The place that it is evaluated for: made up, so that no machine and nobody's tenant shows in a snapshot. */
  place: string[];
}

/** In the order of their making: the policy embeds the first one. */
export const compiledTemplates: readonly Compiled[] = [
  { source: 'infra/modules/events/subscription.bicep', compiled: 'infra/modules/events/subscription.json' },
  { source: 'infra/main.bicep', compiled: 'infra/azuredeploy.json' },
];

const place = [
  ['--tenant-id', '00000000-0000-0000-0000-0000000000ff'],
  ['--deployment-name', 'acr-cmk-monitor'],
  ['--location', 'westeurope'],
  ['--subscription-id', '00000000-0000-0000-0000-000000000001'],
].flat();

/** All parameter files with snapshots. */
export function listScenarios(): Scenario[] {
  const folder = 'infra/snapshots';
  const files = readdirSync(folder).filter((file) => file.endsWith('.bicepparam'));
  return files.toSorted().map((file) => {
    return {
      parameters: join(folder, file),
      snapshot: join(folder, file.replace('.bicepparam', '.snapshot.json')),
      place,
    };
  });
}

/** All Bicep sources. */
export function listSources(folder = 'infra'): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.bicep(param)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** A compiled template without its compiler's own mark, which changes with every version of it. */
export function withoutGenerator(template: unknown): unknown {
  if (Array.isArray(template)) return template.map(withoutGenerator);
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template)
      .filter(([key]) => key !== '_generator')
      .map(([key, value]) => [key, withoutGenerator(value)]),
  );
}
