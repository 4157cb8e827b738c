import { pathToFileURL } from 'node:url';
import { startFunctionsHost } from '../../simulator/host/functions-host.ts';

/**
 * Runs an app in a process of its own that nothing but its environment tells where Azure is: loads the entry that the
 * first argument names, delivers the event of the second one, and prints what was registered and found.
 */
const [, , entry = '', event = ''] = process.argv;
const logged: string[] = [];
const host = await startFunctionsHost({
  load: () => import(pathToFileURL(entry).href),
  timers: false,
  log: ({ message }) => logged.push(message),
});
const response = await fetch(`${host.url}/runtime/webhooks/eventgrid?functionName=resourceChanged`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
  body: event,
});
const findings = await fetch(`${host.url}/api/findings`, {
  headers: { 'x-functions-key': host.functionKey },
});
console.log(
  JSON.stringify({
    functions: host.functions,
    status: response.status,
    findings: await findings.json(),
    logged,
  }),
);
await host.close();
