import manifest from '../../../package.json' with { type: 'json' };
import type { HealthReason } from '../../monitor/answers/health-reasons.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import { ConfigError } from '../../settings/config-error.ts';
import { toSettingName } from '../../settings/run-config.ts';

/** How the monitor is doing; settings that can't be used are told by their names. */
export async function readHealth(monitor: () => Monitor) {
  const { version } = manifest;
  try {
    return { version, ...(await monitor().health()) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { version, status: 'failing' as const, reasons: error.faults.map(toReason) };
  }
}

function toReason(fault: string): HealthReason {
  const detail = `${toSettingName(fault)} can’t be used: the app’s log says why`;
  return { part: 'settings', code: 'setting_refused', detail };
}
