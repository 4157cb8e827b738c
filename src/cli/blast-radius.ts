import { Command } from 'commander';
import { parseRegistryId } from '../domain/estate/resource-id.ts';
import type { BlastRadius } from '../monitor/answers/blast-radius.ts';
import { openMonitor, printJson, start } from './context.ts';
import { exitCodes } from './exit.ts';
import { style, toTable, toTimeCell } from './table.ts';

/** `acr-cmk blast-radius VAULT|KEY` */
export const blastRadiusCommand = new Command('blast-radius')
  .description(
    'tell which registries lose their images if a vault, Managed HSM or key is disabled or deleted',
  )
  .argument('<vault-or-key>', 'name, host or resource id of a vault or Managed HSM, or a key identifier')
  .option('--json', 'print it as JSON, as the API answers it')
  .action(async (reference: string, { json }: { json?: true }) => {
    const items = await openMonitor().blastRadius(reference, start);
    if (json) printJson({ items });
    else
      console.log(
        items.length > 0 ? items.map(toText).join('\n\n') : `No known registry hangs on ${reference}.`,
      );
    if (items.some(({ state }) => state === 'unreadable')) process.exitCode = exitCodes.notAllRead;
  });

function toText({ keyHolder, keyHolderId, key, state, registries, recovery }: BlastRadius): string {
  const what = key ? `key ${key} in ${keyHolder}` : keyHolder;
  const rows = registries.map(({ registryId, keyUri }) => {
    const id = parseRegistryId(registryId);
    return [id?.name ?? registryId, id?.resourceGroup ?? '', id?.subscriptionId ?? '', keyUri];
  });
  return [
    style('bold', `${registries.length} registries hang on ${what} (${states[state]})`),
    ...(keyHolderId ? [keyHolderId] : []),
    toTable(['REGISTRY', 'RESOURCE GROUP', 'SUBSCRIPTION', 'KEY'], rows),
    toRecoveryText(recovery, state),
  ].join('\n');
}

const states: Record<BlastRadius['state'], string> = {
  found: 'there',
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
    : `${when}, unless somebody purges it before: purge protection is off.`;
}
