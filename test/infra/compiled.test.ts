import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBicep, runBicep } from '../../scripts/infra/bicep.ts';
import {
  compiledTemplates,
  listScenarios,
  listSources,
  withoutGenerator,
} from '../../scripts/infra/templates.ts';
import { scenarios } from './snapshots.ts';

const bicep = findBicep();
if (!bicep) {
  console.log(
    'Left out, as there is no Bicep command line: compiling infra/ afresh (npm run check:infra says how to get one)',
  );
}

describe('what is kept compiled', () => {
  it.skipIf(!bicep).each(compiledTemplates)(
    '$compiled is what $source compiles to',
    ({ source, compiled }) => {
      const folder = mkdtempSync(join(tmpdir(), 'acr-cmk-compiled-'));
      const file = join(folder, 'template.json');
      try {
        const run = runBicep(bicep ?? '', ['build', source, '--outfile', file], process.cwd());
        expect(run).toEqual({ ok: true, output: '' });
        expect(withoutGenerator(readJson(file))).toEqual(withoutGenerator(readJson(compiled)));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('describes each parameter', () => {
    for (const { compiled } of compiledTemplates) {
      const { parameters } = readJson(compiled) as { parameters: Record<string, { metadata?: object }> };
      const silent = Object.entries(parameters).filter(
        ([, { metadata }]) => !metadata || !('description' in metadata),
      );
      expect(silent.map(([name]) => `${compiled}: ${name}`)).toEqual([]);
    }
  });

  it('has a snapshot for each parameter file', () => {
    expect(listScenarios().map(({ parameters }) => parameters)).toEqual(
      scenarios.map((scenario) => `infra/snapshots/${scenario}.bicepparam`),
    );
  });

  it('takes no module from a registry', () => {
    const foreign = listSources().filter((file) =>
      /module \w+ '(br|ts)[:/]/.test(readFileSync(file, 'utf8')),
    );
    expect(foreign).toEqual([]);
  });
});

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
