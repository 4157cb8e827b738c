import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/exit.ts';
import { findLocalMonitors, localFolder, makeRunFolder } from '../../src/cli/local-monitor.ts';
import { hasStore } from '../../src/settings/store-connection.ts';
import { startAzurite } from './azurite.ts';

/** Where a monitor on real Azure keeps what it finds. */
export interface LiveStore {
  /** In words. */
  place: string;
  /** Where this run keeps what the command line needs to reach it. */
  folder: string;
  /** What points another process at the same tables and the same part of Azure; complete once it is open. */
  settings: Record<string, string>;
  /** Opens the tables and answers what closes them. */
  open(): Promise<() => Promise<void>>;
}

/** Settings that another process of the same person needs; no secret but that of the tables is among them. */
const shared =
  /^(AZURE_(CLOUD|CLIENT_ID|TOKEN_CREDENTIALS)|ARM_ENDPOINT|SUBSCRIPTION_IDS|MANAGEMENT_GROUP_ID|INVENTORY|RULES_(ENABLED|DISABLED)|KEY_\w+|SOFT_DELETE_MIN_DAYS|NODE_EXTRA_CA_CERTS)$/;

/** Tables of this folder that outlast the process, or those that the settings name. */
export function prepareLive(isForgotten: boolean): LiveStore {
  const tables = join(localFolder, 'live');
  const isOwn = !hasStore(process.env);
  if (isForgotten && !isOwn) {
    throw new UsageError(
      '--forget empties the tables in .local/live, and the settings name other ones: nothing is emptied',
    );
  }
  const other = findLocalMonitors().find(({ command }) => command === 'acr-cmk live');
  if (isOwn && other) {
    throw new UsageError(
      `"acr-cmk live" already runs in this folder (process ${other.process}): use that one, or end it`,
    );
  }
  if (isForgotten) rmSync(tables, { recursive: true, force: true });
  const folder = makeRunFolder();
  const settings: Record<string, string> = {};
  return { place: isOwn ? tables : 'the storage that the settings name', folder, settings, open };

  async function open(): Promise<() => Promise<void>> {
    const azurite = isOwn ? await startAzurite({ folder: tables }) : undefined;
    if (azurite) process.env.FindingsStorage = azurite.connectionString;
    for (const [name, value = ''] of Object.entries(process.env))
      if (shared.test(name)) settings[name] = value;
    if (azurite) settings.FindingsStorage = azurite.connectionString;
    return async () => {
      await rm(folder, { recursive: true, force: true });
      await azurite?.close();
    };
  }
}
