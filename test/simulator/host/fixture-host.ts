import { onTestFinished } from 'vitest';
import { type FunctionsHostOptions, startFunctionsHost } from '../../../simulator/host/functions-host.ts';
import type { HostLogLine } from '../../../simulator/host/host-log.ts';
import { createManualClock } from './manual-clock.ts';

/** Starts a host whose functions `register` registers, for the time of one test. */
export async function startFixtureHost(register: () => void, options: Partial<FunctionsHostOptions> = {}) {
  const clock = createManualClock();
  const lines: HostLogLine[] = [];
  const host = await startFunctionsHost({
    load: async () => register(),
    clock,
    log: (line) => lines.push(line),
    functionKey: 'function-key',
    masterKey: 'master-key',
    graceMs: 200,
    ...options,
  });
  onTestFinished(() => host.close());
  return { host, clock, lines, messages: () => lines.map(({ message }) => message) };
}

/** A promise and its handles, to hold a function until the test lets it go. */
export function createGate() {
  return Promise.withResolvers<void>();
}
