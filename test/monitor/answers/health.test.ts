import { beforeEach, describe, expect, it } from 'vitest';
import { ReadFailure } from '../../../src/domain/estate/read-failure.ts';
import { createHealth, type Health, type HealthSettings } from '../../../src/monitor/answers/health.ts';
import type { AzureReader } from '../../../src/monitor/ports/azure-ports.ts';
import type { Store, SubscriptionRecord, SweepRecord } from '../../../src/monitor/ports/ports.ts';
import { parseSchedule } from '../../../src/settings/schedule.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';
import { registryAt, toAlert, toCommit } from '../../store/samples.ts';

const now = () => new Date('2026-08-01T10:00:00.000Z');
const subscriptionId = '11111111-1111-1111-1111-111111111111';
const at = (time: string) => `2026-08-01T${time}:00.000Z`;

/** A sweep that ended at a time of that day; it never ended without an outcome. */
function sweepAt(
  time: string,
  outcome?: SweepRecord['outcome'],
  changes: Partial<SweepRecord> = {},
): SweepRecord {
  const counts = { subscriptions: 1, registries: 2, assessed: 1, changed: 0, unconfirmed: 0 };
  return {
    sweep: `sweep-${time}`,
    startedAt: at(time),
    ...counts,
    calls: 2,
    rowsWritten: 1,
    ...(outcome ? { endedAt: at(time), outcome } : {}),
    ...changes,
  };
}

function subscriptionIn(state: SubscriptionRecord['state'], changes: Partial<SubscriptionRecord> = {}) {
  return { subscriptionId, state, since: at('07:00'), firstSeen: at('06:00'), ...changes };
}

const never = () => new Promise<never>(() => {});

/** What health is asked of; in order unless a test says otherwise. */
interface Setup {
  store: Store;
  listSubscriptions: AzureReader['listSubscriptions'];
  whoAmI: () => Promise<never> | Promise<{ name: string; objectId: string; tenantId: string }>;
  settings: Partial<HealthSettings>;
}

let setup: Setup;

beforeEach(async () => {
  const store = createMemoryStore();
  await store.sweeps.noteFollowUp(at('09:59'));
  setup = {
    store,
    listSubscriptions: async () => [{ item: { subscriptionId, displayName: 'Production' } }],
    whoAmI: async () => ({ name: 'monitor', objectId: 'one', tenantId: 'two' }),
    settings: {},
  };
});

async function check(...sweeps: SweepRecord[]): Promise<Health> {
  const { store, listSubscriptions, whoAmI, settings } = setup;
  for (const sweep of sweeps) await store.sweeps.put(sweep);
  const azure = { listSubscriptions } as Partial<AzureReader> as AzureReader;
  const health = createHealth(
    { azure, store, whoAmI, now },
    {
      staleAfter: 3_600,
      sweepTimeout: 1_500_000,
      nextSweep: parseSchedule('0 0 * * * *').next,
      sinkFaults: [],
      subscriptionIds: [],
      patience: 50,
      ...settings,
    },
  );
  return health();
}

/** Status and reasons in short. */
async function tell(...sweeps: SweepRecord[]): Promise<[Health['status'], string[]]> {
  const { status, reasons } = await check(...sweeps);
  return [status, reasons.map(({ part, code }) => `${part}:${code}`)];
}

const fresh = sweepAt('09:40', 'complete');

describe('sweeps', () => {
  it('are well while the last one is fresh and confirmed everything', async () => {
    expect(await check(sweepAt('08:00', 'partial'), fresh)).toEqual({
      status: 'ok',
      reasons: [],
      lastSweepEndedAt: at('09:40'),
      lastSweepOutcome: 'complete',
      lastSweepAge: 1_200,
      staleAfter: 3_600,
      lastFollowUpAt: at('09:59'),
      dueAssessments: 0,
      alerts: { pending: 0, dead: 0 },
    });
  });

  it('that could not confirm everything are no all-clear', async () => {
    expect(await tell(sweepAt('09:40', 'partial', { unconfirmed: 1 }))).toEqual([
      'degraded',
      ['sweep:partial'],
    ]);
  });

  it('that confirmed no registry can’t be relied on', async () => {
    expect(await tell(sweepAt('09:40', 'partial', { unconfirmed: 2 }))).toEqual([
      'failing',
      ['sweep:nothing_confirmed', 'sweep:partial'],
    ]);
  });

  it('that are too old, or never were, can’t be relied on', async () => {
    expect(await tell(sweepAt('08:59', 'complete'))).toMatchObject([
      'failing',
      ['sweep:stale', 'sweep:not_begun'],
    ]);
    setup.store = createMemoryStore();
    expect(await tell()).toEqual(['failing', ['sweep:never_swept']]);
    expect(await check(sweepAt('09:59'))).not.toHaveProperty('lastSweepEndedAt');
  });

  it('that failed are told while an earlier one is still fresh', async () => {
    expect(await check(fresh, sweepAt('09:50', 'failed'))).toMatchObject({
      status: 'degraded',
      reasons: [{ part: 'sweep', code: 'failed', since: at('09:50') }],
      lastSweepEndedAt: at('09:40'),
      lastSweepOutcome: 'failed',
    });
  });

  it('that did not begin ten minutes after they were due are told, whatever the schedule lets wait', async () => {
    setup.settings = { staleAfter: 900_000, nextSweep: parseSchedule('0 49 * * * *').next };
    expect(await tell(fresh)).toEqual(['degraded', ['sweep:not_begun']]);
    setup.settings = { staleAfter: 900_000, nextSweep: parseSchedule('0 51 * * * *').next };
    expect(await tell(fresh)).toEqual(['ok', []]);
  });

  it('that run longer than their schedule are not missed', async () => {
    setup.settings = { nextSweep: parseSchedule('0 */5 * * * *').next };
    expect(await tell(sweepAt('09:20', 'complete'), sweepAt('09:42'))).toEqual(['ok', []]);
  });

  it('that were cut off are told, by themselves or by having no end', async () => {
    expect(await tell(fresh, sweepAt('09:50', 'partial', { interrupted: true }))).toEqual([
      'degraded',
      ['sweep:interrupted'],
    ]);
    setup.store = createMemoryStore();
    expect(await tell(sweepAt('09:10', 'complete'), sweepAt('09:20'))).toEqual([
      'degraded',
      ['sweep:interrupted'],
    ]);
  });
});

describe('what waits', () => {
  it('is counted, and dead alerts are told', async () => {
    const id = registryAt(1);
    const alerts = [
      toAlert(id, { id: 'a' }),
      toAlert(id, { id: 'b' }),
      toAlert(id, { id: 'c', status: 'dead' }),
    ];
    await setup.store.findings.commit(toCommit(id, { alerts }));
    await setup.store.due.put([{ registryId: id.id, reason: 'test', due: at('09:55'), tries: 0 }]);
    expect(await check(fresh)).toMatchObject({
      status: 'degraded',
      reasons: [{ part: 'alerts', code: 'dead_alerts' }],
      dueAssessments: 1,
      alerts: { pending: 2, dead: 1 },
    });
  });

  it.each([
    ['was due ten minutes ago', { due: at('09:49'), tries: 0 }],
    ['fails again and again', { due: at('10:30'), tries: 7 }],
  ])('is told when it %s', async (_, waiting) => {
    await setup.store.due.put([{ registryId: registryAt(1).id, reason: 'test', ...waiting }]);
    expect(await tell(fresh)).toEqual(['degraded', ['coverage:assessments_overdue']]);
  });

  it('is told when nothing has worked it off for five minutes', async () => {
    await setup.store.sweeps.noteFollowUp(at('09:54'));
    expect((await check(fresh)).reasons).toMatchObject([
      { part: 'alerts', code: 'follow_up_not_begun', since: at('09:54') },
    ]);
  });
});

describe('coverage', () => {
  it.each([
    ['unreadable', 'coverage:subscriptions_unreadable'],
    ['lost', 'coverage:subscriptions_lost'],
  ] as const)(
    'tells subscriptions that are %s, and that nothing is confirmed where all are',
    async (state, reason) => {
      await setup.store.sweeps.putSubscription(subscriptionIn(state));
      expect(await tell(fresh)).toEqual(['failing', ['coverage:nothing_confirmed', reason]]);
      await setup.store.sweeps.putSubscription({ ...subscriptionIn('read'), subscriptionId: 'other' });
      const { status, reasons } = await check(fresh);
      expect([status, reasons]).toMatchObject(['degraded', [{ since: at('07:00') }]]);
      expect(reasons[0]?.detail).toContain(subscriptionId);
    },
  );

  it('tells subscriptions without events, and those where that is not known', async () => {
    await setup.store.sweeps.putSubscription(subscriptionIn('read', { events: 'missing' }));
    expect(await tell(fresh)).toEqual(['degraded', ['events:events_missing']]);
    await setup.store.sweeps.putSubscription(subscriptionIn('read', { events: 'unknown' }));
    expect(await tell(fresh)).toEqual(['degraded', ['events:events_unknown']]);
  });

  it('leaves subscriptions alone that somebody gave up', async () => {
    await setup.store.sweeps.putSubscription(subscriptionIn('forgotten'));
    expect(await tell(fresh)).toEqual(['ok', []]);
  });

  it('can’t be relied on where no subscription to be watched is in sight', async () => {
    setup.settings = { subscriptionIds: ['22222222-2222-2222-2222-222222222222'] };
    expect(await tell(fresh)).toEqual(['failing', ['role:no_subscription_in_sight']]);
  });
});

describe('a sink that is switched off', () => {
  it('is told with what is wrong with its setting', async () => {
    setup.settings = { sinkFaults: ['ALERT_WEBHOOK_SECRET is a Key Vault reference'] };
    expect(await check(fresh)).toMatchObject({
      status: 'degraded',
      reasons: [
        { part: 'sinks', code: 'switched_off', detail: 'ALERT_WEBHOOK_SECRET is a Key Vault reference' },
      ],
    });
  });
});

describe('a part that is needed', () => {
  const outOfReach = Object.assign(new Error('getaddrinfo ENOTFOUND account.example'), { code: 'ENOTFOUND' });

  it('is told by its name and by codes alone when it is out of reach', async () => {
    setup.store.sweeps.listSweeps = () => Promise.reject(new Error('Table', { cause: outOfReach }));
    const { status, reasons, ...facts } = await check();
    expect([status, reasons]).toEqual([
      'failing',
      [{ part: 'store', code: 'out_of_reach', detail: expect.stringContaining('(ENOTFOUND)') }],
    ]);
    expect(JSON.stringify(reasons)).not.toContain('account.example');
    expect(facts).toEqual({ staleAfter: 3_600 });
  });

  it('does not hold up the answer when it hangs', async () => {
    setup.store.due.count = never;
    setup.whoAmI = never;
    setup.listSubscriptions = never;
    expect(await tell(fresh)).toEqual(['failing', ['store:no_answer', 'identity:no_answer']]);
  });

  it('is Azure Resource Manager, told apart from the sign-in without which it can’t be asked', async () => {
    setup.listSubscriptions = () => Promise.reject(new ReadFailure('no', { status: 403, codes: ['Denied'] }));
    expect(await tell(fresh)).toEqual(['failing', ['arm:refused']]);
    setup.whoAmI = () => Promise.reject(new ReadFailure('no', { isSignIn: true }));
    expect(await tell(fresh)).toEqual(['failing', ['identity:out_of_reach']]);
  });
});
