import { app } from '@azure/functions';
import { readSweepSchedule } from '../settings/sweep-schedule.ts';
import { registrations } from './http/registrations.ts';

// The host is told all functions under any settings, and before anything is loaded that only a run of them needs:
// a fault in either would leave it without functions, and without a word.
const load = () => import('./handlers.ts');

for (const { name, route, method } of registrations) {
  app.http(name, {
    route,
    methods: method === 'GET' ? ['GET', 'HEAD'] : [method],
    authLevel: 'function',
    handler: async (request, context) => (await load()).serve(name, request, context),
  });
}

app.eventGrid('resourceChanged', {
  // Typed as one event by the library; a host may hand over a batch.
  handler: async (delivered: unknown, context) => (await load()).handleEvents(delivered, context),
});

app.timer('sweep', {
  schedule: readSweepSchedule().schedule,
  handler: async (_timer, context) => (await load()).runSweep(context),
});

app.timer('followUp', {
  schedule: '0 * * * * *',
  handler: async (_timer, context) => (await load()).runFollowUp(context),
});

app.hook.appStart(async () => (await load()).reportSettings());
app.hook.appTerminate(async () => (await load()).endMonitor());
