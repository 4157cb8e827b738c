import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { namesOf, storage } from '../settings.ts';

/** Names of all settings that are looked at, with a storage that is missing and with one that has an address. */
function settingNames(): string[] {
  const names = new Set<string>();
  for (const storage of ['', 'FindingsStorage', 'AzureWebJobsStorage']) {
    const env = new Proxy<NodeJS.ProcessEnv>(
      {},
      {
        get(_, name) {
          if (typeof name !== 'string' || !/^[A-Z]/.test(name)) return undefined;
          names.add(name);
          return name === `${storage}__tableServiceUri` ? 'https://images.example' : undefined;
        },
      },
    );
    expect(namesOf(env as Record<string, string>)).toEqual(storage ? [] : ['FindingsStorage']);
  }
  return [...names];
}

describe('every setting', () => {
  it('that is blank takes its default, as in a settings file with every name', () => {
    const blank = Object.fromEntries(settingNames().map((name) => [name, ' ']));
    expect(readConfig({ ...blank, ...storage })).toEqual(readConfig(storage));
  });

  /** Read by the functions host, not by this project. */
  const ofOthers = ['FUNCTIONS_WORKER_RUNTIME'];
  /** The functions host's own connection in its other forms: taken where they are, but nobody has to know them. */
  const isOfHost = (name: string) => name.startsWith('AzureWebJobsStorage__');
  const read = settingNames();
  const sample = Object.keys(JSON.parse(readFileSync('local.settings.sample.json', 'utf8')).Values);
  const documented = [...readFileSync('README.md', 'utf8').matchAll(/^\| *(`.*?`) *\|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    .filter((name) => /^([A-Z][A-Z_]+|(FindingsStorage|AzureWebJobsStorage)\w*)$/.test(name));

  it('that is read is in the sample of the settings file, and the other way round', () => {
    expect(sample.filter((name) => !ofOthers.includes(name)).sort()).toEqual(
      read.filter((name) => !isOfHost(name)).sort(),
    );
  });

  it('that is read is in the table of the README', () => {
    const missing = read.filter((name) => !isOfHost(name) && !documented.includes(name));
    // It stands for FindingsStorage, and is named beside it.
    expect(missing.filter((name) => name !== 'AzureWebJobsStorage')).toEqual([]);
  });

  it('in the table of the README is read', () => {
    expect(documented.length).toBeGreaterThan(10);
    expect(documented.filter((name) => ![...read, ...ofOthers].includes(name))).toEqual([]);
  });

  it('can be set as the sample has it', () => {
    const values = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')).Values;
    expect(readConfig(values)).toEqual(readConfig(storage));
  });
});
