import { applySettings, trustCertificates } from '../settings/settings-file.ts';
import { hasStore } from '../settings/store-connection.ts';
import { UsageError } from './exit.ts';
import { findLocalMonitors } from './local-monitor.ts';
import { hint } from './output.ts';

/** Takes settings from a file; one that can't be used is a wrong use. */
export function takeSettings(path: string | undefined): void {
  try {
    applySettings(path);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Takes the settings of the monitor that runs in this folder, where no others name a storage. */
export function useLocalMonitor(): void {
  if (hasStore(process.env)) return;
  const [monitor] = findLocalMonitors();
  if (!monitor) return;
  const { settings, command, startedAt } = monitor;
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value;
  if (settings.NODE_EXTRA_CA_CERTS) trustCertificates(settings.NODE_EXTRA_CA_CERTS);
  const since = new Date(startedAt).toTimeString().slice(0, 5);
  hint(
    `Using the local monitor that runs since ${since} (${command}, process ${monitor.process}); --settings FILE for another.`,
  );
}
