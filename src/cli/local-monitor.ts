import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';

/** Where monitors that run on this machine write down how to reach them, below the folder that they run in. */
export const localFolder = '.local';

const fileName = 'monitor.json';

const LocalMonitor = z.object({
  process: z.int(),
  /** The command that started it. */
  command: z.string(),
  startedAt: z.string(),
  url: z.string(),
  functionKey: z.string(),
  /** Settings by which another process uses the same tables and the same Azure. */
  settings: z.record(z.string(), z.string()),
});
/** A monitor that runs on this machine. */
export type LocalMonitor = z.output<typeof LocalMonitor>;

/** The folder of one monitor's run, made so that nobody else reads it. */
export function makeRunFolder(): string {
  const folder = resolve(localFolder, String(process.pid));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Writes down in the folder of a run how to reach the monitor. */
export function announceMonitor(folder: string, monitor: LocalMonitor): void {
  writeFileSync(join(folder, fileName), `${JSON.stringify(monitor, null, 2)}\n`, { mode: 0o600 });
}

/** Monitors that run in this folder, the latest first; what one left behind that was killed is removed. */
export function findLocalMonitors(): LocalMonitor[] {
  const folders = existsSync(localFolder)
    ? readdirSync(localFolder).filter((name) => /^\d+$/.test(name))
    : [];
  const running = folders.flatMap((name) => {
    if (isRunning(Number(name))) return readMonitor(join(localFolder, name, fileName)) ?? [];
    rmSync(join(localFolder, name), { recursive: true, force: true });
    return [];
  });
  return running.sort((left, right) => right.startedAt.localeCompare(left.startedAt));
}

function readMonitor(path: string): LocalMonitor | undefined {
  try {
    return LocalMonitor.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
