import { Command, Option } from 'commander';
import type { RemedyView } from '../monitor/answers/read-remedies.ts';
import { catalog } from '../rules/catalog.ts';
import { openMonitor, start, toRegistryId } from './context.ts';
import { exitCodes } from './exit.ts';
import { note, print, printJson } from './output.ts';
import { toUnfoundText } from './unfound.ts';

const languages = ['az', 'bicep', 'terraform'] as const;
type Language = (typeof languages)[number];

interface FixFlags {
  rule: string[];
  as: Language;
  json?: true;
}

/** `acr-cmk fix REGISTRY` */
export const fixCommand = new Command('fix')
  .description('print how to mend what fails on a registry, with its own names; nothing is changed')
  .argument('<registry>', 'resource id, or the name of a registry that was assessed before')
  .addOption(
    new Option('--rule <id...>', 'only for these rules')
      .choices(catalog.map(({ id }) => id))
      .default([], 'all that fail'),
  )
  .addOption(new Option('--as <language>', 'what to print').choices(languages).default('az'))
  .option('--json', 'print all languages as JSON, as the API answers them')
  .action(async (registry: string, { rule, as, json }: FixFlags) => {
    const monitor = await openMonitor();
    const id = await toRegistryId(monitor, registry);
    const answer = await monitor.remedies(id, rule, start);
    if (answer.state !== 'found') {
      note(toUnfoundText(answer, id.name));
      process.exitCode = exitCodes.notAllRead;
      return;
    }
    const { items, others } = answer;
    if (json) printJson({ registryId: id.id, items });
    else if (items.length > 0) print(items.map((remedy) => toText(remedy, as)).join('\n'));
    else note(`Nothing fails on registry ${id.name}${rule.length > 0 ? ` of ${rule.join(', ')}` : ''}.`);
    const unknown = others.filter(({ outcome }) => outcome === 'unknown');
    for (const { rule: unseen, reason } of unknown) note(`${unseen} is unknown: ${reason}`);
    if (unknown.length > 0) process.exitCode = exitCodes.notAllRead;
  });

/** A script or file that says by itself how to see that it has worked. */
function toText(remedy: RemedyView, language: Language): string {
  const mark = language === 'bicep' ? '//' : '#';
  const text = { az: remedy.az, bicep: remedy.bicep ?? '', terraform: remedy.terraform ?? '' }[language];
  const verify = remedy.verify.split('\n').map((line) => `${mark}   ${line}`);
  return [
    text.trimEnd(),
    '',
    `${mark} Then, to see that it has worked:`,
    ...verify,
    `${mark} It should say: ${remedy.expect}`,
    '',
  ].join('\n');
}
