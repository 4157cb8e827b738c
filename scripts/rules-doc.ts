import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { PosturePart } from '../src/domain/estate/posture.ts';
import { catalog } from '../src/rules/catalog.ts';
import { commonReasons } from '../src/rules/key-holder/key-holder-rule.ts';
import type { Rule } from '../src/rules/rule.ts';
import { describeRule, type RuleDescription } from '../src/rules/rule-description.ts';

/** Where the catalogue of rules is kept. */
export const rulesDocument = 'docs/rules.md';

/** What is read for each part of a posture. */
const parts: Record<PosturePart, string> = {
  registry: 'the registry',
  identity: 'the user-assigned identity that reaches the key',
  keyHolder: 'its key holder (Key Vault or Managed HSM), deleted or not',
  key: 'the key and the version in use, by the control plane',
  keyRoles: 'role assignments that apply at the key, and their role definitions',
  registryRoles: 'role assignments that apply at the registry, and their role definitions',
  diagnosticSettings: 'the key holder’s diagnostic settings',
};

/** Reasons of findings that were closed without a verdict. */
const closingReasons = {
  registry_gone: 'The registry was deleted.',
  registry_recreated: 'The registry was deleted and created again: the new one starts afresh.',
  rule_disabled: 'The rule was switched off.',
  subscription_forgotten: 'Its subscription is gone for good, and somebody had it forgotten.',
};

/** The catalogue of rules in Markdown, one sentence a line. */
export function toRulesDocument(rules: readonly Rule[]): string {
  return [
    '# Rules',
    '',
    'This page is generated from `src/rules` by `npm run docs`.',
    '`acr-cmk rules` and `GET /api/rules` say the same.',
    '',
    'A verdict is `pass`, `fail`, `unknown` (there is a lasting reason not to know) or `notApplicable`, with a reason code and the evidence.',
    'Only `fail` opens a finding, and only `pass` or `notApplicable` resolves it.',
    'A rule that is off by default is evaluated when `RULES_ENABLED` names it; `RULES_DISABLED` switches any rule off.',
    'The controls that a rule supports are those to which a published mapping ties it; most rules have none.',
    '',
    toTable(
      ['rule', 'severity', 'by default', 'fails when'],
      rules.map((rule) => {
        const { id, severity, isOnByDefault, title } = describeRule(rule);
        return [`[\`${id}\`](#${id})`, severity, isOnByDefault ? 'on' : 'off', title];
      }),
    ),
    '',
    ...rules.flatMap(toSection),
    '## Shared reasons',
    '',
    'Rules that need a customer-managed key, its key holder or the key give these reasons too.',
    '',
    toReasonTable(commonReasons),
    '',
    '## Reasons of closed findings',
    '',
    'A finding whose status is `closed` was not mended: there is nothing left to judge.',
    '',
    toReasonTable(closingReasons),
    '',
    '## All reason codes',
    '',
    'Codes are stable: dashboards and receivers can build on them.',
    '',
    ...toCodes(rules).map((code) => `- \`${code}\``),
    '',
  ].join('\n');
}

function toSection(rule: Rule): string[] {
  const description = describeRule(rule);
  const { id, title, severity, isOnByDefault, checks, why, remedy, reasons, controls, links } = description;
  return [
    `## ${id}`,
    '',
    `**${title}.**`,
    `Severity ${severity}, ${isOnByDefault ? 'on' : 'off'} by default.`,
    '',
    '### What it checks',
    '',
    ...toLines(checks),
    '',
    '### Why it matters',
    '',
    ...toLines(why),
    '',
    '### Reasons',
    '',
    toReasonTable(reasons),
    '',
    '### Evidence',
    '',
    'The fields that were looked at, by their names in Azure’s bodies, and for each read its address, status and time.',
    'Read are:',
    '',
    ...rule.reads.map((part) => `- ${parts[part]}`),
    '',
    '### Remedy',
    '',
    ...toLines(remedy),
    '',
    ...toControlLines(controls),
    ...(links.length > 0 ? ['### Links', '', ...links.map((link) => `- <${link}>`), ''] : []),
  ];
}

function toControlLines(controls: RuleDescription['controls']): string[] {
  if (controls.length === 0) return [];
  const rows = controls.map(({ framework, control, title, basis, link }) => [
    framework,
    control,
    title,
    `[${basis}](${link})`,
  ]);
  return ['### Controls', '', toTable(['framework', 'control', 'title', 'mapped by'], rows), ''];
}

function toReasonTable(reasons: Readonly<Record<string, string>>): string {
  return toTable(
    ['code', 'meaning'],
    Object.entries(reasons).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
}

/** Every reason code once, in alphabetical order. */
function toCodes(rules: readonly Rule[]): string[] {
  const codes = [commonReasons, closingReasons, ...rules.map(({ reasons }) => reasons)].flatMap(Object.keys);
  return [...new Set(codes)].sort();
}

/** One sentence a line; the "." of "e.g. " and the like end none. */
function toLines(text: string): string[] {
  return text.split(/(?<=[.?!]["”)]?) (?=["“`A-Z])/);
}

function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const toRow = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [toRow(headings), `|${headings.map(() => '---|').join('')}`, ...rows.map(toRow)].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(rulesDocument, toRulesDocument(catalog));
}
