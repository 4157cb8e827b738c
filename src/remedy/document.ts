import { toComment, toCommentText } from './comment.ts';
import { quoteBicep } from './quote-bicep.ts';
import { quoteShell } from './quote-shell.ts';
import { quoteTerraform } from './quote-terraform.ts';
import type { Subject } from './subject.ts';
import { azapiProvider, azurermProvider } from './terraform-provider.ts';
import type { Value } from './values.ts';

/** What the three texts of a remedy have in common. */
export interface DocumentHead {
  rule: string;
  title: string;
  warnings: readonly string[];
  subject: Subject;
  values: readonly Value[];
}

/** A script for bash: what it is, its values, its commands. Only the values hold names from Azure, and all are quoted. */
export function toShellDocument(head: DocumentHead, body: string): string {
  const code = toCode(body, '#');
  const isUsed = (name: string, text: string) => new RegExp(`\\$\\{?${toShellName(name)}\\b`).test(text);
  const isSet = (name: string) => new RegExp(`^\\s*${toShellName(name)}=`, 'm').test(code);
  const used = head.values.filter(({ name }) => isUsed(name, body) && !isSet(name));
  // What is used by commands in comments only, is a comment too.
  const toLine = (value: Value) => `${isUsed(value.name, code) ? '' : '# '}${toShellLine(value)}`;
  return join(
    `#!/usr/bin/env bash\n${toHeadComment('#', head)}`,
    'set -euo pipefail',
    ...toGroups(used, '#', toLine),
    body,
  );
}

/** A file of Bicep: what it is, its parameters, its resources. */
export function toBicepDocument(head: DocumentHead, body: string): string {
  const code = toCode(body, '//');
  const used = head.values.filter(
    ({ name }) =>
      new RegExp(`(?<![.\\w])${name}\\b(?!:)`).test(code) && !new RegExp(`^param ${name}\\b`, 'm').test(code),
  );
  return join(toHeadComment('//', head), ...toGroups(used, '//', toBicepParameter), body);
}

/** A file of Terraform: what it is, its providers, its variables, its resources. */
export function toTerraformDocument(head: DocumentHead, body: string): string {
  const text = join(toTerraformProviders(head.subject, body), body);
  const used = head.values.filter(({ name }) =>
    new RegExp(`\\bvar\\.${toSnake(name)}\\b`).test(toCode(text, '#')),
  );
  return join(toHeadComment('#', head), ...toGroups(used, '#', toTerraformVariable), text);
}

function toTerraformProviders({ cloud, keyHolder }: Subject, body: string): string {
  const code = toCode(body, '#');
  const needs = (['azurerm', 'azapi'] as const).filter((name) => code.includes(`"${name}_`));
  if (needs.length === 0) return '';
  // Resources that name no subscription of their own are made where their resource group is.
  const isInHolderGroup = code.includes('var.key_holder_resource_group') && keyHolder.subscriptionId;
  const subscription = isInHolderGroup ? 'var.key_holder_subscription' : 'var.registry_subscription';
  const providers = { azurerm: azurermProvider(cloud, subscription), azapi: azapiProvider(cloud) };
  const sources = {
    azurerm: '    azurerm = { source = "hashicorp/azurerm", version = ">= 4.42" }',
    azapi: `    azapi${needs.length > 1 ? '   ' : ' '}= { source = "Azure/azapi", version = ">= 2.0" }`,
  };
  return join(
    `terraform {\n  required_providers {\n${needs.map((name) => sources[name]).join('\n')}\n  }\n}`,
    ...needs.filter((name) => !code.includes(`provider "${name}"`)).map((name) => providers[name]),
  );
}

function toHeadComment(mark: '#' | '//', { rule, title, warnings, subject }: DocumentHead): string {
  const { registry, cloud } = subject;
  const lines = [`${rule}: ${title}`, `Registry, as it was read at ${subject.readAt}:`];
  const notes = warnings.map((warning) => `Mind: ${warning}`);
  if (cloud !== 'AzureCloud')
    notes.push(`This is ${cloud}: "az cloud set --name ${cloud}" and "az login" come first.`);
  const name = `${mark} ${toCommentText(registry.id.id)}`;
  return [
    ...lines.map((line) => toComment(mark, line)),
    name,
    ...notes.map((note) => toComment(mark, note)),
  ].join('\n');
}

function toGroups(values: readonly Value[], mark: '#' | '//', toLine: (value: Value) => string): string[] {
  const groups: [string, readonly Value[]][] = [
    ['To be given by you.', values.filter(({ text }) => text === undefined)],
    ['Yours to choose.', values.filter(({ text, isChoice }) => text !== undefined && isChoice)],
    ['As they are in Azure.', values.filter(({ text, isChoice }) => text !== undefined && !isChoice)],
  ];
  return groups
    .filter(([, group]) => group.length > 0)
    .map(([about, group]) => [`${mark} ${about}`, ...group.map(toLine)].join('\n'));
}

function toShellLine({ name, about, text, isChoice }: Value): string {
  const variable = toShellName(name);
  if (text === undefined) return `${variable}="\${${variable}:?${about}}"`;
  return `${variable}=${quoteShell(text)}${isChoice ? ` # ${about}` : ''}`;
}

function toBicepParameter({ name, about, text }: Value): string {
  const preset = text === undefined ? '' : ` = ${quoteBicep(text)}`;
  // The linter takes the address of an existing key for one that ought to be asked for.
  const lint = text?.includes('://') ? '#disable-next-line no-hardcoded-env-urls\n' : '';
  return `@description('${about}')\n${lint}param ${name} string${preset}`;
}

function toTerraformVariable({ name, about, text }: Value): string {
  const preset = text === undefined ? '' : `\n  default     = ${quoteTerraform(text)}`;
  return `variable "${toSnake(name)}" {\n  type        = string\n  description = "${about}"${preset}\n}`;
}

/** A text without its comments, as far as they have their lines to themselves. */
function toCode(text: string, mark: '#' | '//'): string {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith(mark))
    .join('\n');
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toShellName(name: string): string {
  return toSnake(name).toUpperCase();
}

function join(...parts: readonly string[]): string {
  return `${parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join('\n\n')}\n`;
}
