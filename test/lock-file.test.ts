import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  integrity?: string;
  link?: true;
  inBundle?: true;
  hasInstallScript?: true;
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const locked: Record<string, LockedPackage> = read('package-lock.json').packages;
const installed = Object.entries(locked).filter(
  ([path, { link, inBundle }]) => path.includes('node_modules/') && !link && !inBundle,
);

describe('the lock file', () => {
  it('pins all that npm installs by its hash, Node.js included', () => {
    expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
  });

  it('names no package whose install script is needed, so that --ignore-scripts works', () => {
    // These only tune what works without: esbuild skips a process, fsevents and protobufjs print or build nothing.
    const harmless = ['node_modules/esbuild', 'node_modules/fsevents', 'node_modules/protobufjs'];
    const scripted = installed.filter(([, one]) => one.hasInstallScript).map(([path]) => path);
    expect(scripted.filter((path) => !harmless.includes(path))).toEqual([]);
  });

  it('brings one version of Node.js, of the line that .nvmrc and the deployment name', () => {
    const { optionalDependencies } = read('scripts/runtime/package.json');
    const versions = new Set<string>(Object.values(optionalDependencies));
    expect(versions.size).toBe(1);
    expect([...versions][0]?.split('.')[0]).toBe(readFileSync('.nvmrc', 'utf8').trim());
  });
});
