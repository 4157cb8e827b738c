import { Command } from 'commander';
import { catalog, findRule } from '../rules/catalog.ts';
import { describeRule, type RuleDescription } from '../rules/rule-description.ts';
import { createRuleSet } from '../rules/rule-set.ts';
import { readRuleSettings } from '../settings/rule-settings.ts';
import { UsageError } from './exit.ts';
import { toNearest } from './nearest.ts';
import { print, printJson, style } from './output.ts';
import { toSeverityCell, toTable } from './table.ts';

/** `acr-cmk rules [ID]` */
export const rulesCommand = new Command('rules')
  .description('list the rules, or explain one')
  .argument('[id]', 'id of the rule to explain')
  .option('--json', 'print the rules as JSON, as the API answers them')
  .action((id: string | undefined, { json }: { json?: true }) => {
    if (id === undefined) {
      const items = catalog.map(describeRule);
      if (json) printJson({ items });
      else print(toRulesTable(items, readOn()));
      return;
    }
    const rule = findRule(id.toLowerCase());
    if (!rule) {
      const nearest = toNearest(
        id,
        catalog.map((known) => known.id),
      );
      const meant = nearest ? `Did you mean ${nearest}?` : '"acr-cmk rules" lists them.';
      throw new UsageError(`There is no rule "${id}". ${meant}`);
    }
    const description = describeRule(rule);
    if (json) printJson(description);
    else print(toExplanation(description, readOn().has(rule.id)));
  });

/** Ids of the rules that are on by the settings. */
function readOn(): Set<string> {
  return new Set(createRuleSet(readRuleSettings()).rules.map(({ id }) => id));
}

function toRulesTable(items: readonly RuleDescription[], on: ReadonlySet<string>): string {
  return toTable(
    ['RULE', 'SEVERITY', 'ON', 'FAILS WHEN'],
    items.map(({ id, severity, title }) => [id, toSeverityCell(severity), on.has(id) ? 'on' : 'off', title]),
  );
}

function toExplanation(rule: RuleDescription, isOn: boolean): string {
  const reasons = Object.entries(rule.reasons);
  const sections: [string, string[]][] = [
    ['Checks', [rule.checks]],
    ['Why it matters', [rule.why]],
    ['Remedy', [rule.remedy]],
    ['Reasons', reasons.length > 0 ? toTable(['CODE', 'MEANING'], reasons).split('\n') : []],
    ['Controls', rule.controls.map(({ framework, control, title }) => `${framework} ${control}: ${title}`)],
    ['Links', [...rule.links]],
  ];
  return [
    `${style('bold', rule.id)}: ${rule.title}`,
    `${toSeverityCell(rule.severity)}, ${isOn ? 'on' : 'off'} (${rule.isOnByDefault ? 'on' : 'off'} by default)`,
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .map(([heading, lines]) =>
        ['', style('bold', heading), ...lines.map((line) => `  ${line}`)].join('\n'),
      ),
  ].join('\n');
}
