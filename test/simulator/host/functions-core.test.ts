import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../../simulator/host/functions-host.ts';

const require = createRequire(import.meta.url);

const typescript = `import { app, type HttpRequest } from '@azure/functions';
app.get('hello', (request: HttpRequest) => ({ body: \`hello \${request.query.get('name')}\` }));`;

const commonJs = `const { app } = require('@azure/functions');
app.get('hello', (request) => ({ body: 'hello ' + request.query.get('name') }));`;

/** A folder that finds the project's packages. */
function createAppFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'functions-app-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

function writeApp(name: string, text: string): string {
  const path = join(createAppFolder(), name);
  writeFileSync(path, text);
  return path;
}

async function bundleApp(text: string): Promise<string> {
  const entry = writeApp('index.ts', text);
  const outfile = join(entry, '..', 'functions.cjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  });
  return outfile;
}

async function start(load: () => Promise<unknown>): Promise<FunctionsHost> {
  const host = await startFunctionsHost({ load });
  onTestFinished(() => host.close());
  return host;
}

const greet = async (host: FunctionsHost) => (await fetch(`${host.url}/api/hello?name=you`)).text();

describe('an entry registers its functions', () => {
  it('as a CommonJS file that is required', async () => {
    const path = writeApp('index.cjs', commonJs);
    const host = await start(async () => require(path));
    expect(await greet(host)).toBe('hello you');
  });

  it('as a CommonJS file that is imported', async () => {
    const url = pathToFileURL(writeApp('index.cjs', commonJs)).href;
    const host = await start(() => import(/* @vite-ignore */ url));
    expect(await greet(host)).toBe('hello you');
  });

  it('as a bundle, which brings an @azure/functions of its own', async () => {
    const path = await bundleApp(typescript);
    const host = await start(async () => require(path));
    expect(await greet(host)).toBe('hello you');
  });

  it('as two bundles side by side in one process', async () => {
    const [first, second] = [
      await bundleApp(typescript),
      await bundleApp(typescript.replace('hello $', 'bye $')),
    ];
    const hosts = [await start(async () => require(first)), await start(async () => require(second))];
    expect(await Promise.all(hosts.map(greet))).toEqual(['hello you', 'bye you']);
  });

  it('once a process: a second load of the same entry is an error that says so', async () => {
    const path = writeApp('index.cjs', commonJs);
    await start(async () => require(path));
    await expect(start(async () => require(path))).rejects.toThrow(
      'registers the functions of an entry only once',
    );
  });

  it('again when a test runner has forgotten its modules, the host among them', async () => {
    const first = await start(() => import('./fixture-app.ts'));
    vi.resetModules();
    const { startFunctionsHost: startAgain } = await import('../../../simulator/host/functions-host.ts');
    const second = await startAgain({ load: () => import('./fixture-app.ts') });
    onTestFinished(() => second.close());
    expect(await Promise.all([first, second].map(greet))).toEqual(['hello you', 'hello you']);
  });

  it('as TypeScript under plain Node.js', () => {
    const entry = writeApp('index.mts', typescript);
    const script = writeApp(
      'main.mts',
      `import { startFunctionsHost } from ${JSON.stringify(pathToFileURL(resolve('simulator/host/functions-host.ts')).href)};
      const host = await startFunctionsHost({ load: () => import(${JSON.stringify(pathToFileURL(entry).href)}) });
      console.log(await (await fetch(host.url + '/api/hello?name=you')).text());
      await host.close();`,
    );
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8' })).toBe('hello you\n');
  });
});
