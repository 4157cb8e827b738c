import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOptions } from '../../scripts/bundle-options.ts';
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
  ({ metafile } = await build({ ...bundleOptions, outdir: folder, metafile: true, logLevel: 'error' }));
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

  it('is one CommonJS file with its source map, which names no path of this machine', () => {
    const outputs = Object.keys(metafile.outputs).map((path) => path.split('/').at(-1));
    expect(outputs.sort()).toEqual(['functions.cjs', 'functions.cjs.map']);
    expect(readFileSync(bundle, 'utf8')).not.toContain(resolve('.'));
  });

  it('is what package.json says is to be started', () => {
    const { main } = JSON.parse(readFileSync('package.json', 'utf8'));
    const [name] = Object.keys(bundleOptions.entryPoints);
    expect(main).toBe(`${bundleOptions.outdir}/${name}${bundleOptions.outExtension['.js']}`);
  });

  it('holds nothing that is only there for development', () => {
    const inputs = Object.keys(metafile.inputs);
    expect(inputs).toContain('src/functions/index.ts');
    expect(inputs.filter((path) => /^(src\/(local|cli)|test|scripts)\//.test(path))).toEqual([]);
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { dev?: true }>;
    };
    const packages = new Set(
      inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
    );
    expect(packages.size).toBeGreaterThan(10);
    expect([...packages].filter((path) => lock.packages[path]?.dev ?? !(path in lock.packages))).toEqual([]);
  });

  it('takes no module from elsewhere but those of Node.js, of the Functions worker, and one that may be missing', () => {
    const [output] = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint);
    const imports = new Set(output?.imports.filter(({ external }) => external).map(({ path }) => path));
    const others = [...imports].filter((path) => !process.getBuiltinModule(path));
    expect(others.sort()).toEqual(['@azure/functions-core', 'supports-color']);
  });
});
