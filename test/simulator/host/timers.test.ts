import { app, type Timer } from '@azure/functions';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGate, startFixtureHost } from './fixture-host.ts';
import { createManualClock } from './manual-clock.ts';

const HOUR = 3_600_000;

async function startTimerHost(schedule: string, runOnStartup = false) {
  const starts: string[] = [];
  const clock = createManualClock();
  const handler = () => void starts.push(clock.now().toISOString());
  const { host } = await startFixtureHost(() => app.timer('sweep', { schedule, runOnStartup, handler }), {
    clock,
  });
  return { host, clock, starts };
}

describe('schedules', () => {
  it.each([
    ['0 */20 * * * *', ['00:20', '00:40', '01:00']],
    ['*/20 * * * *', ['00:20', '00:40', '01:00']],
    ['0 10/25 * * * *', ['00:10', '00:35']],
    ['0 30 0 1 * Thu', ['00:30']],
    ['0 30 0 1 * Fri', []],
  ])('%s runs in UTC at %s', async (schedule, times) => {
    const { clock, starts } = await startTimerHost(schedule);
    await clock.advance(HOUR);
    expect(starts).toEqual(times.map((time) => `2026-01-01T${time}:00.000Z`));
  });

  it('waits for an occurrence that lies beyond the reach of one timeout', async () => {
    const { clock, starts } = await startTimerHost('0 0 0 1 6 *');
    await clock.advance(200 * 24 * HOUR);
    expect(starts).toEqual(['2026-06-01T00:00:00.000Z']);
  });

  it('fills in a setting', async () => {
    vi.stubEnv('TEST_SCHEDULE', '0 0 * * * *');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { host, clock, starts } = await startTimerHost('%TEST_SCHEDULE%');
    await clock.advance(HOUR);
    expect(starts).toHaveLength(1);
    expect(host.functions).toEqual([
      { trigger: 'timer', name: 'sweep', schedule: '0 0 * * * *', runOnStartup: false },
    ]);
  });

  it.each([
    ['%NO_SUCH_SETTING%', 'NO_SUCH_SETTING is not set'],
    ['every minute', "'every minute' of function 'sweep' is no NCRONTAB expression"],
    ['0 0 0 0 0 0 0', 'no NCRONTAB expression'],
  ])('refuses %s', async (schedule, message) => {
    await expect(startTimerHost(schedule)).rejects.toThrow(message);
  });

  it('runs at the start where that is asked for, then on schedule', async () => {
    const { clock, starts } = await startTimerHost('0 0 * * * *', true);
    await clock.advance(HOUR);
    expect(starts).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T01:00:00.000Z']);
  });

  it('does not run by itself in a host without timers', async () => {
    const starts: Timer[] = [];
    const { host, clock } = await startFixtureHost(
      () =>
        app.timer('sweep', {
          schedule: '0 * * * * *',
          runOnStartup: true,
          handler: (timer) => void starts.push(timer),
        }),
      { timers: false },
    );
    await clock.advance(HOUR);
    expect(starts).toEqual([]);
    await host.runTimer('SWEEP');
    expect(starts).toEqual([
      {
        schedule: { adjustForDST: true },
        scheduleStatus: expect.objectContaining({ next: '2026-01-01T01:01:00.000Z' }),
        isPastDue: false,
      },
    ]);
  });
});

describe('runs', () => {
  async function startGatedTimer() {
    const gates = [createGate(), createGate(), createGate()];
    const events: string[] = [];
    let runs = 0;
    const fixture = await startFixtureHost(() =>
      app.timer('sweep', {
        schedule: '0 * * * * *',
        handler: async () => {
          const run = runs++;
          events.push(`start ${run}`);
          await gates[run]?.promise;
          events.push(`end ${run}`);
        },
      }),
    );
    return { ...fixture, gates, events };
  }

  it('never overlap: neither with the schedule nor with each other', async () => {
    const { host, clock, gates, events } = await startGatedTimer();
    await clock.advance(60_000);
    const byHand = [host.runTimer('sweep'), host.runTimer('sweep')];
    await clock.advance(10 * 60_000);
    expect(events).toEqual(['start 0']);
    for (const gate of gates) {
      gate.resolve();
    }
    await Promise.all(byHand);
    expect(events).toEqual(['start 0', 'end 0', 'start 1', 'end 1', 'start 2', 'end 2']);
    await clock.advance(60_000);
    expect(events.slice(6)).toEqual(['start 3', 'end 3']);
  });

  it('let a run finish when the host closes, and start no other', async () => {
    const { host, clock, gates, events } = await startGatedTimer();
    await clock.advance(60_000);
    const queued = host.runTimer('sweep');
    const closed = host.close();
    gates[0]?.resolve();
    await closed;
    await expect(queued).rejects.toThrow('the functions host has stopped');
    await clock.advance(10 * 60_000);
    expect(events).toEqual(['start 0', 'end 0']);
  });

  it('do not wait for ever for one that hangs', async () => {
    const { host, clock, messages } = await startGatedTimer();
    await clock.advance(60_000);
    await host.close();
    expect(messages()).toContain('Invocations that were still running when the host closed: 1.');
  });

  it('report a failure to who asked for the run, and go on by schedule', async () => {
    let runs = 0;
    const { host, clock, lines } = await startFixtureHost(() =>
      app.timer('sweep', {
        schedule: '0 * * * * *',
        handler: () => {
          runs += 1;
          throw new Error('no tenant');
        },
      }),
    );
    await expect(host.runTimer('sweep')).rejects.toThrow('no tenant');
    await expect(host.runTimer('other')).rejects.toThrow("There is no timer function 'other'.");
    await clock.advance(120_000);
    expect(runs).toBe(3);
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(3);
  });
});

describe('admin endpoint', () => {
  async function startAdminHost() {
    const starts: number[] = [];
    const fixture = await startFixtureHost(() => {
      app.timer('sweep', { schedule: '0 0 * * * *', handler: () => void starts.push(1) });
      app.get('getHealth', () => ({ status: 200 }));
    });
    const post = (name: string, key?: string) =>
      fetch(`${fixture.host.url}/admin/functions/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key && { 'x-functions-key': key }) },
        body: '{"input":""}',
      });
    return { ...fixture, starts, post };
  }

  it('runs a timer for the master key alone', async () => {
    const { post, starts, host } = await startAdminHost();
    expect((await post('sweep')).status).toBe(401);
    expect((await post('sweep', 'function-key')).status).toBe(403);
    const bare = { method: 'POST', headers: { 'x-functions-key': 'master-key' } };
    expect((await fetch(`${host.url}/admin/functions/sweep`, bare)).status).toBe(415);
    expect(starts).toEqual([]);
    expect((await post('Sweep', 'master-key')).status).toBe(202);
    await expect.poll(() => starts, { interval: 2 }).toEqual([1]);
  });

  it('answers 404 for an unknown function, and 400 for one that is no timer', async () => {
    const { post, host } = await startAdminHost();
    expect((await post('other', 'master-key')).status).toBe(404);
    expect((await post('getHealth', 'master-key')).status).toBe(400);
    expect((await fetch(`${host.url}/admin/functions/sweep?code=master-key`)).status).toBe(404);
  });
});
