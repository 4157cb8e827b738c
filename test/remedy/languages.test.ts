import { parse } from '@cdktf/hcl2json';
import { expect, it } from 'vitest';
import { cases, remedyOf } from './cases.ts';
import { bicepCli, checkShell, compileBicep, runBash, shellcheck } from './tools.ts';

if (!bicepCli) console.info('No Bicep CLI (BICEP_CLI, or bicep on the PATH): Bicep is not compiled.');
if (!shellcheck) console.info('No shellcheck on the PATH: scripts are only parsed by bash.');

const remedies = cases.map(({ rule, posture, reason }) => remedyOf(rule, posture, reason));
const distinct = (texts: readonly string[]) => [...new Set(texts)];

it('bash parses every script', { timeout: 120_000 }, () => {
  for (const script of distinct(remedies.map(({ az }) => az))) {
    const { status, stderr } = runBash(script, ['-n']);
    expect(`${stderr}${status}`, script).toBe('0');
  }
});

it.skipIf(!shellcheck)('shellcheck has nothing to say of any script', { timeout: 180_000 }, () => {
  expect(checkShell(distinct(remedies.map(({ az }) => az)))).toEqual([]);
});

it('bash parses every command of verification', () => {
  for (const commands of distinct(remedies.map(({ verify }) => verify))) {
    expect(runBash(commands, ['-n']).status, commands).toBe(0);
    expect(commands.split('\n').at(-1)).toMatch(/^acr-cmk assess \/subscriptions\//);
  }
});

it('a parser of HCL reads every file of Terraform, and every variable in use is declared', async () => {
  for (const text of distinct(remedies.map(({ terraform }) => terraform))) {
    const { variable = {} } = await parse('main.tf', text);
    const used = [...text.matchAll(/\bvar\.([a-z_]+)/g)].map(([, name]) => name ?? '');
    expect(
      distinct(used).filter((name) => !(name in variable)),
      text,
    ).toEqual([]);
    expect(
      Object.keys(variable).filter((name) => !used.includes(name)),
      text,
    ).toEqual([]);
  }
});

it.skipIf(!bicepCli)('the Bicep CLI compiles every file without a warning', { timeout: 180_000 }, () => {
  const { complaints, templates } = compileBicep(distinct(remedies.map(({ bicep }) => bicep)));
  expect(complaints).toEqual([]);
  expect(templates.length).toBeGreaterThan(50);
});
