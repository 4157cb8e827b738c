import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startWebhookReceiver } from '../../simulator/demo/webhook-receiver.ts';
import { eventSubscriptionBody, subscribedBodies } from '../../simulator/tenant/event-body.ts';
import { functionAppBody, toEventFunctionId } from '../../simulator/tenant/function-app-body.ts';
import { policyBody } from '../../simulator/tenant/policy-body.ts';
import { toCheckLine } from '../../src/cli/doctor.ts';
import { toShown } from '../../src/cli/output.ts';
import { startMonitorHost } from '../functions/monitor-host.ts';
import { production, testing } from '../functions/small-tenant.ts';
import { createFolder, type Outcome, run, writeSettings } from './run-command.ts';

const cwd = createFolder();
const app = functionAppBody({
  subscription: `/subscriptions/${production}`,
  group: 'rg-monitor',
  name: 'func-monitor',
});
const functionId = toEventFunctionId(app);
const ofTesting = eventSubscriptionBody({ scope: `/subscriptions/${testing}`, functionId });
let monitor: Awaited<ReturnType<typeof startMonitorHost>>;
let values: Record<string, string>;

/** Runs the doctor with the settings of the monitor, some of them replaced. */
function doctor(args: string[] = [], replaced: Record<string, string> = {}): Promise<Outcome> {
  const settings = writeSettings(cwd, { ...values, ...replaced });
  return run('bin/acr-cmk.js', ['doctor', ...args, '--settings', settings], { cwd });
}

beforeAll(async () => {
  monitor = await startMonitorHost();
  const certificate = join(cwd, 'tenant.pem');
  writeFileSync(certificate, monitor.tenant.certificate);
  values = { ...monitor.settings, NODE_EXTRA_CA_CERTS: certificate };
  const bodies = [app, ...subscribedBodies(`/subscriptions/${production}`, functionId), ofTesting];
  for (const body of bodies) monitor.tenant.put(body);
});
afterEach(() => monitor.tenant.intercept(undefined));

/** Names and outcomes of what was printed. */
function toOutcomes({ stdout }: Outcome): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .filter((line) => !/^\d+ ok, /.test(line))
    .map((line) => line.replace(/^(\S+) +([^:]+): .+$/, '$2 $1'));
}

const good = [
  'Identity ok',
  'Management group skipped',
  'Subscriptions ok',
  'Read actions ok',
  'Resource Graph ok',
  'Table Storage ok',
  'Webhook ok',
  'Event subscriptions ok',
  'Always-ready instance ok',
  'Guardrail policies ok',
];

describe('doctor', () => {
  it('prints a line a check without colours, sends a signed test alert, and exits 0 when all is well', async () => {
    const before = monitor.receiver.deliveries.length;
    const outcome = await doctor();
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(outcome.stdout).toBe(stripVTControlCharacters(outcome.stdout));
    expect(toOutcomes(outcome)).toEqual(good);
    expect(outcome.stdout).toMatch(/^ok {7}Subscriptions: 2 of 2 in sight are watched: Production \(/m);
    const sent = monitor.receiver.deliveries.slice(before);
    expect(sent).toMatchObject([
      { valid: true, attempt: 1, body: { type: 'monitor.test', id: sent[0]?.id } },
    ]);
  });

  it('prints JSON and nothing else when it is asked for, and sends nothing when it is told not to', async () => {
    const before = monitor.receiver.deliveries.length;
    const { code, stdout, stderr } = await doctor(['--json', '--no-test-alert']);
    expect([code, stderr]).toEqual([0, '']);
    const { items, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({});
    expect(items.map(({ name, outcome }: Record<string, string>) => `${name} ${outcome}`)).toEqual(
      good.map((one) => one.replace('Webhook ok', 'Webhook skipped')),
    );
    expect(items[1]).toEqual({ name: 'Management group', outcome: 'skipped', message: expect.any(String) });
    expect(monitor.receiver.deliveries).toHaveLength(before);
  });

  it('exits 0 where there is no more than warnings', async () => {
    monitor.tenant.remove(ofTesting.id);
    const { code, stdout, stderr } = await doctor(['--no-test-alert']);
    monitor.tenant.put(ofTesting);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(`^warning {2}Event subscriptions: missing in Testing \\(${testing}\\)`, 'm'),
    );
  });

  it('exits 3 when a check failed, and goes on all the same', async () => {
    monitor.tenant.intercept(({ path }) =>
      path.startsWith(`/subscriptions/${testing}/providers/Microsoft.Authorization/permissions`)
        ? { kind: 'json', status: 200, body: { value: [{ actions: ['Microsoft.KeyVault/*'] }] } }
        : undefined,
    );
    const [text, json] = await Promise.all([
      doctor(['--no-test-alert']),
      doctor(['--no-test-alert', '--json']),
    ]);
    expect([text.code, text.stderr, json.code, json.stderr]).toEqual([3, '', 3, '']);
    expect(text.stdout).toMatch(
      new RegExp(
        `^failed {3}Read actions: Testing \\(${testing}\\) lacks .*Microsoft\\.ContainerRegistry/registries/read, `,
        'm',
      ),
    );
    expect(toOutcomes(text).at(-1)).toBe('Guardrail policies ok');
    expect(JSON.parse(json.stdout).items[3]).toMatchObject({ name: 'Read actions', outcome: 'failed' });
  });

  it('exits 3 when the webhook or the tables don’t answer, without their secrets', async () => {
    const refusing = await startWebhookReceiver({
      secret: monitor.settings.ALERT_WEBHOOK_SECRET,
      answer: () => ({ status: 401 }),
    });
    const connection = { protocol: 'http', name: 'images', key: 'c2VjcmV0a2V5' };
    const outcome = await doctor([], {
      ALERT_WEBHOOK_URL: `${refusing.url}/t0p-secret`,
      FindingsStorage: [
        `DefaultEndpointsProtocol=${connection.protocol}`,
        `AccountName=${connection.name}`,
        `AccountKey=${connection.key}`,
        'TableEndpoint=http://127.0.0.1:1/images',
      ].join(';'),
    });
    await refusing.close();
    expect([outcome.code, outcome.stderr]).toEqual([3, '']);
    expect(toOutcomes(outcome).filter((one) => one.endsWith('failed'))).toEqual([
      'Table Storage failed',
      'Webhook failed',
    ]);
    expect(outcome.stdout).toContain('did not take a test alert: webhook: HTTP 401; check ALERT_WEBHOOK_URL');
    expect(refusing.deliveries).toMatchObject([{ valid: true, body: { type: 'monitor.test' } }]);
    for (const secret of ['t0p-secret', connection.key, monitor.settings.ALERT_WEBHOOK_SECRET, 'eyJ']) {
      expect(outcome.stdout).not.toContain(secret);
    }
  });

  it('exits 2 when nobody is signed in, or a setting is faulty, and prints nothing on standard output', async () => {
    const [unknown, faulty] = await Promise.all([
      doctor(['--json'], { AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' }),
      doctor([], { INVENTORY: 'spreadsheet' }),
    ]);
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toMatch(/^error: Nobody is signed in to Azure: [^\n]+\nSign in by "az login"/);
    expect([faulty.code, faulty.stdout]).toEqual([2, '']);
    expect(faulty.stderr).toContain('\n  - INVENTORY ');
  });

  it('knows the names that policies have in sovereign clouds', async () => {
    const guid = '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53';
    monitor.tenant.put(policyBody({ guid, displayName: 'Key vaults should have purge protection enabled' }));
    const outcome = await doctor(['--no-test-alert'], { AZURE_CLOUD: 'AzureUSGovernment' });
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(toOutcomes(outcome)).toEqual(good.map((one) => one.replace('Webhook ok', 'Webhook skipped')));
  });

  it('says in its help what it does and how it exits', async () => {
    const { code, stdout } = await run('bin/acr-cmk.js', ['doctor', '--help'], { cwd });
    expect(code).toBe(0);
    for (const part of ['--no-test-alert', '--json', 'Exit codes: 0 nothing failed', '3 a check failed']) {
      expect(stdout).toContain(part);
    }
  });
});

describe('npm start -- --live', () => {
  it('examines the set-up before anything else, and sends no test alert', async () => {
    const before = monitor.receiver.deliveries.length;
    const { NODE_EXTRA_CA_CERTS = '', ...env } = values;
    const { code, stdout, stderr } = await run('bin/acr-cmk.js', ['live', '--once'], {
      cwd,
      env: { ...env, NODE_EXTRA_CA_CERTS, ALERT_MIN_SEVERITY: 'critical' },
    });
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    expect(toOutcomes({ code, stderr, stdout: lines.slice(0, good.length).join('\n') })).toEqual(
      good.map((one) => one.replace('Webhook ok', 'Webhook skipped')),
    );
    expect(lines[good.length]).toBe('8 ok, 0 warnings, 0 failed, 2 skipped');
    expect(lines[good.length + 1]).toMatch(/^Azure is only read, /);
    const tests = monitor.receiver.deliveries
      .slice(before)
      .filter(({ body }) => (body as { type: string }).type === 'monitor.test');
    expect(tests).toEqual([]);
  });
});

describe('a line', () => {
  const line = () => toCheckLine({ name: 'Webhook', outcome: 'failed', message: 'no answer' });
  afterEach(() => vi.unstubAllEnvs());

  it('has colours where they are wanted, as on a terminal', () => {
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('FORCE_COLOR', '1');
    expect(toShown(line())).toBe('\u001b[31mfailed  \u001b[39m Webhook: no answer');
  });

  it('has none where they are not', () => {
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('NO_COLOR', '1');
    expect(line()).toBe('failed   Webhook: no answer');
  });
});
