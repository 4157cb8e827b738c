import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/settings/config.ts';

/** What one sweep took, in this process alone. */
export interface SweepCost {
  outcome: string | undefined;
  inventory: string | undefined;
  assessed: number;
  changed: number;
  wallSeconds: number;
  cpuSeconds: number;
  /** Highest resident memory, in MB. */
  peakMegabytes: number;
}

const started = performance.now();
const record = await createApp(readConfig()).sweep({
  source: 'sweep',
  log: { info: () => {}, warn: (message) => console.error(message) },
});
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cost: SweepCost = {
  outcome: record.outcome,
  inventory: record.inventory,
  assessed: record.assessed,
  changed: record.changed,
  wallSeconds: (performance.now() - started) / 1000,
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peakMegabytes: maxRSS / 1024,
};
process.send?.(cost, () => process.exit(0));
