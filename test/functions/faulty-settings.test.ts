import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type FunctionsHost, startFunctionsHost } from '../../simulator/host/functions-host.ts';
import { blankSettings, toEvent } from './monitor-host.ts';
import { registry } from './small-tenant.ts';

const faulty = { RULES_ENABLED: 'nonsense', SWEEP_SCHEDULE: '*/5 * * * *', INVENTORY: 'paper' };
const said: string[] = [];
let host: FunctionsHost;

beforeAll(async () => {
  for (const [name, value] of Object.entries({ ...blankSettings(), ...faulty })) vi.stubEnv(name, value);
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)));
  host = await startFunctionsHost({ load: () => import('../../src/functions/index.ts'), timers: false });
});
afterAll(async () => {
  await host.close();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const named = [...Object.keys(faulty), 'FindingsStorage'];

it('all functions are registered under settings that can’t be used, the sweep on its default schedule', () => {
  expect(host.functions.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['sweep', 'followUp', 'resourceChanged', 'getHealth', 'getFindings']),
  );
});

it('each fault is said at the start, in a line that the host takes for an error', () => {
  for (const setting of named) {
    const lines = said.filter((line) => line.includes(setting));
    expect(lines).toEqual([expect.stringMatching(/error/i)]);
    expect(lines[0]).not.toMatch(/warn/i);
  }
});

it.each(['health', 'findings', 'sweeps'])(
  'GET /api/%s answers 503 and names each setting, never its value',
  async (route) => {
    const response = await fetch(`${host.url}/api/${route}`, {
      headers: { 'x-functions-key': host.functionKey },
    });
    const text = await response.text();
    expect(response.status).toBe(503);
    for (const setting of named) expect(text).toContain(setting);
  },
);

it('health tells each by part and code, and no value', async () => {
  const response = await fetch(`${host.url}/api/health`, {
    headers: { 'x-functions-key': host.functionKey },
  });
  const { status, reasons } = (await response.json()) as { status: string; reasons: { detail: string }[] };
  expect([status, reasons.map(({ detail }) => detail.split(' ')[0]).sort()]).toEqual([
    'failing',
    named.toSorted(),
  ]);
  for (const reason of reasons) {
    expect(reason).toMatchObject({ part: 'settings', code: 'setting_refused' });
    expect(reason.detail).not.toMatch(/nonsense|paper/);
  }
});

it.each(['sweep', 'followUp'])('the timer %s fails and names each setting', async (timer) => {
  const failure = await host.runTimer(timer).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
  for (const setting of named) expect(failure).toContain(setting);
});

it('an event is not acknowledged, so that Event Grid brings it again', async () => {
  const response = await fetch(`${host.url}/runtime/webhooks/eventgrid?functionName=resourceChanged`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
    body: JSON.stringify([toEvent(registry('acrNew'))]),
  });
  expect(response.status).toBe(500);
});
