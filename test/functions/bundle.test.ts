import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleBudget, bundleFunctions } from '../../scripts/bundle.ts';
import { toNotices } from '../../scripts/notices.ts';
import { startAzurite } from '../../simulator/demo/azurite.ts';
import { startWebhookReceiver } from '../../simulator/demo/webhook-receiver.ts';
import { startSimulatedTenant } from '../../simulator/tenant/simulated-tenant.ts';
import { blankSettings, toEvent } from './monitor-host.ts';
import { registry, smallTenant } from './small-tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
const bundle = join(folder, 'functions.cjs');
const secret = `whsec_${Buffer.from('a secret of sixteen bytes or more').toString('base64')}`;
const created = registry('acrNew');
let metafile: Metafile;

beforeAll(async () => {
  metafile = await bundleFunctions(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs an entry against a tenant with a new registry, and delivers the event on it. */
async function run(entry: string) {
  const [azurite, tenant, receiver] = await Promise.all([
    startAzurite(),
    startSimulatedTenant({ contents: smallTenant() }),
    startWebhookReceiver({ secret }),
  ]);
  tenant.put(created);
  const certificate = join(mkdtempSync(join(folder, 'run-')), 'tenant.pem');
  writeFileSync(certificate, tenant.certificate);
  const env = {
    ...blankSettings(),
    ARM_ENDPOINT: tenant.armEndpoint,
    IDENTITY_ENDPOINT: tenant.identityEndpoint,
    IDENTITY_HEADER: tenant.identityHeader,
    NODE_EXTRA_CA_CERTS: certificate,
    FindingsStorage: azurite.connectionString,
    ALERT_WEBHOOK_URL: receiver.url,
    ALERT_WEBHOOK_SECRET: secret,
  };
  try {
    const program = fileURLToPath(new URL('./run-app.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, entry, JSON.stringify([toEvent(created)])],
      { env, cwd: folder, timeout: 30_000 },
    );
    return { ...JSON.parse(stdout), deliveries: receiver.deliveries, calls: tenant.calls };
  } finally {
    await Promise.all([azurite.close(), tenant.close(), receiver.close()]);
  }
}

describe('the bundle', () => {
  it('registers the same functions as the source, and drives an event to its signed alert alike', async () => {
    const [fromBundle, fromSource] = await Promise.all([run(bundle), run(resolve('src/functions/index.ts'))]);
    expect(fromBundle.functions).toEqual(fromSource.functions);
    expect(fromBundle.functions.map(({ name }: { name: string }) => name).sort()).toEqual(
      expect.arrayContaining(['followUp', 'getFindings', 'getHealth', 'resourceChanged', 'sweep']),
    );
    for (const { status, findings, deliveries, calls } of [fromBundle, fromSource]) {
      expect(status).toBe(202);
      expect(findings.items).toMatchObject([{ registryId: created.id, rule: 'acr_nocmk', status: 'open' }]);
      expect(deliveries).toMatchObject([{ valid: true, body: { registry: { id: created.id } } }]);
      expect(calls).toMatchObject([{ method: 'GET', status: 200 }]);
    }
  });

  it('is two CommonJS files with their source maps, within their budgets, which name no path of this machine', () => {
    const outputs = Object.entries(metafile.outputs).map(([path, { bytes }]) => [
      path.split('/').at(-1),
      bytes,
    ]);
    const sizes: Record<string, number> = Object.fromEntries(outputs);
    expect(Object.keys(sizes).sort()).toEqual(
      Object.keys(bundleBudget)
        .flatMap((file) => [file, `${file}.map`])
        .sort(),
    );
    for (const [file, budget] of Object.entries(bundleBudget)) {
      expect(sizes[file]).toBeLessThanOrEqual(budget);
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain(resolve('.'));
    }
  });

  it('tells the host what there is without anything that only a run needs', () => {
    const entry = Object.entries(metafile.outputs).find(([path]) => path.endsWith('functions.cjs'))?.[1];
    const packages = Object.keys(entry?.inputs ?? {}).flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    );
    expect([...new Set(packages)].sort()).toEqual([
      '@azure/functions',
      '@azure/functions-extensions-base',
      'cookie',
    ]);
  });

  it('comes with the licence of each package that it holds parts of', async () => {
    const notices = await toNotices(Object.keys(metafile.inputs));
    for (const name of ['@azure/functions', '@azure/identity', 'zod'])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(notices.match(/Permission is hereby granted/g)?.length).toBeGreaterThan(20);
  });

  it('is what package.json says is to be started', () => {
    const { main } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(main).toBe('dist/functions.cjs');
  });

  it('holds nothing that is only there for development', () => {
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContain('src/functions/index.ts');
    expect(inputs.filter((path) => /^(src\/cli|simulator|test|scripts)\//.test(path))).toEqual([]);
    const bundled = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect(new Set(bundled).size).toBeGreaterThan(10);
    const { devDependencies, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    // What the app needs is in its bundle, and what the command needs in its own: nothing is left to install.
    expect(dependencies).toBeUndefined();
    const used = new Set(
      globSync('src/**/*.ts').flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/from '((?:@[^/']+\/)?[^./'][^/']*)/g)].map(
          ([, name]) => name,
        ),
      ),
    );
    const tools = Object.keys(devDependencies).filter((name) => !used.has(name));
    expect(tools).toContain('azurite');
    expect(bundled.filter((name) => tools.includes(name))).toEqual([]);
  });

  it('takes no module from elsewhere but those of Node.js, of the Functions worker, and one that may be missing', () => {
    const entries = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint);
    const external = entries.flatMap(({ imports }) => imports.filter((one) => one.external));
    const imports = new Set(external.map(({ path }) => path));
    const others = [...imports].filter((path) => !process.getBuiltinModule(path));
    expect(others.sort()).toEqual(['./handlers.cjs', '@azure/functions-core', 'supports-color']);
  });
});
