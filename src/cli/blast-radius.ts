import { Command } from 'commander';
import { parseKeyIdentifier } from '../domain/estate/key-identifier.ts';
import { parseRegistryId } from '../domain/estate/resource-id.ts';
import type { BlastRadius } from '../monitor/answers/blast-radius.ts';
import type { Monitor } from '../monitor/monitor.ts';
import { openMonitor, start } from './context.ts';
import { exitCodes, UsageError } from './exit.ts';
import { toNearest } from './nearest.ts';
import { note, print, printJson, style } from './output.ts';
import { readAll } from './read-all.ts';
import { count, readStanding } from './standing.ts';
import { toTable, toTimeCell } from './table.ts';

/** `acr-cmk blast-radius VAULT|KEY` */
export const blastRadiusCommand = new Command('blast-radius')
  .description(
    'tell which registries lose their images if a vault, Managed HSM or key is disabled or deleted',
  )
  .argument('<vault-or-key>', 'name, host or resource id of a vault or Managed HSM, or a key identifier')
  .option('--json', 'print it as JSON, as the API answers it')
  .action(async (reference: string, { json }: { json?: true }) => {
    const monitor = await openMonitor();
    const items = await monitor.blastRadius(reference, start);
    const { doubts } = await readStanding(monitor);
    if (items.length === 0) await checkKnown(monitor, reference, doubts);
    if (json) printJson({ items });
    else
      print(
        items.length > 0
          ? items.map(toText).join('\n\n')
          : `No registry that is known depends on ${reference}.`,
      );
    for (const doubt of doubts) note(`Not known: ${doubt}`);
    const isWhole = doubts.length === 0 && items.every(({ state }) => state !== 'unreadable');
    if (!isWhole) process.exitCode = exitCodes.notAllRead;
  });

/** A key holder that no registry was ever seen to use says nothing: a typing error, or one that was never read. */
async function checkKnown({ queries }: Monitor, reference: string, doubts: readonly string[]): Promise<void> {
  const registries = await readAll((page) => queries.registries({}, page));
  const hosts = new Set(registries.flatMap(({ keyUri }) => parseKeyIdentifier(keyUri)?.host ?? []));
  const holder =
    parseKeyIdentifier(reference)?.host ?? /\/(?:vaults|managedHSMs)\/([^/]+)/i.exec(reference)?.[1];
  const name = (holder ?? reference).toLowerCase();
  const isKnown = [...hosts].some((host) => host === name || host.startsWith(`${name}.`));
  if (isKnown) return;
  const nearest = toNearest(name, [...hosts, ...[...hosts].map((host) => host.split('.')[0] ?? host)]);
  const meant = nearest ? ` Did you mean ${nearest}?` : '';
  const doubt = doubts.length > 0 ? ` ${doubts.join(' ')}` : '';
  throw new UsageError(
    `No registry was ever seen to use a key holder "${name}" (${count(hosts.size, 'key holder')} known).${meant}${doubt}`,
  );
}

function toText({ keyHolder, keyHolderId, key, state, registries, recovery }: BlastRadius): string {
  const what = key ? `key ${key} in ${keyHolder}` : keyHolder;
  const rows = registries.map(({ registryId, keyUri }) => {
    const id = parseRegistryId(registryId);
    return [id?.name ?? registryId, id?.resourceGroup ?? '', id?.subscriptionId ?? '', keyUri];
  });
  return [
    style(
      'bold',
      `${count(registries.length, 'registry')} ${registries.length === 1 ? 'depends' : 'depend'} on ${what} (${states[state]})`,
    ),
    ...(keyHolderId ? [keyHolderId] : []),
    toTable(['REGISTRY', 'RESOURCE GROUP', 'SUBSCRIPTION', 'KEY'], rows),
    toRecoveryText(recovery, state),
  ].join('\n');
}

const states: Record<BlastRadius['state'], string> = {
  found: 'it exists',
  deleted: 'soft-deleted: they are losing their images now',
  absent: 'exists nowhere: their images are lost',
  unreadable: 'could not be read',
};

function toRecoveryText(
  { isRecoverable, until, isPurgeable }: BlastRadius['recovery'],
  state: string,
): string {
  if (isRecoverable === 'unknown') return 'Whether it could be recovered is not known.';
  if (isRecoverable === 'no') return 'It could not be recovered.';
  const time = until ? ` until ${toTimeCell(until)}` : '';
  const when =
    state === 'deleted' ? `It can be recovered${time}` : `Deleted now, it could be recovered${time}`;
  return isPurgeable === 'no'
    ? `${when}; nobody can purge it before (purge protection is on).`
    : `${when}, unless someone purges it before: purge protection is off.`;
}
