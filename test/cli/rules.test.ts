import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/rules/catalog.ts';
import { describeRule } from '../../src/rules/rule-description.ts';
import { createFolder, run } from './run-command.ts';

const cwd = createFolder();
const rules = (...args: string[]) => run('bin/acr-cmk.js', ['rules', ...args], { cwd });

describe('rules', () => {
  it('lists all rules without any settings, on or off as by default', async () => {
    const { code, stdout, stderr } = await rules();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    const [headings, ...lines] = stdout.trimEnd().split('\n');
    expect(headings).toMatch(/^RULE +SEVERITY +ON +FAILS WHEN$/);
    const cells = lines.map((line) => line.split(/ {2,}/));
    expect(cells).toEqual(
      catalog.map(({ id, severity, isOffByDefault, title }) => [
        id,
        severity,
        isOffByDefault ? 'off' : 'on',
        title,
      ]),
    );
  });

  it('shows which are on by the settings of rules alone', async () => {
    const env = {
      RULES_ENABLED: 'key_old',
      RULES_DISABLED: 'key_pinned',
    };
    const [table, one] = await Promise.all([
      run('bin/acr-cmk.js', ['rules'], { cwd, env }),
      run('bin/acr-cmk.js', ['rules', 'key_old'], { cwd, env }),
    ]);
    expect(table.stdout).toMatch(/^key_old +low +on /m);
    expect(table.stdout).toMatch(/^key_pinned +medium +off /m);
    expect(one.stdout).toContain('low, on (off by default)');
  });

  it('exits 2 where the settings of rules can’t be used, and names them', async () => {
    const env = { RULES_ENABLED: 'nonsense', KEY_MIN_BITS: 'many', INVENTORY: 'paper' };
    const { code, stdout, stderr } = await run('bin/acr-cmk.js', ['rules'], { cwd, env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('RULES_ENABLED');
    expect(stderr).toContain('KEY_MIN_BITS');
    expect(stderr).not.toContain('INVENTORY');
  });

  it('prints what the API answers', async () => {
    const { code, stdout, stderr } = await rules('--json');
    expect([code, stderr, JSON.parse(stdout)]).toEqual([0, '', { items: catalog.map(describeRule) }]);
  });

  it('explains one rule in full, whatever the case of its id', async () => {
    const [text, json] = await Promise.all([rules('ACR_NoCmk'), rules('acr_nocmk', '--json')]);
    const [rule] = catalog;
    expect([text.code, text.stderr, json.code]).toEqual([0, '', 0]);
    expect(text.stdout).toContain(
      'acr_nocmk: The registry is not encrypted with a customer-managed key\nhigh, on',
    );
    for (const part of [rule?.checks, rule?.why, rule?.remedy, ...Object.keys(rule?.reasons ?? {})]) {
      expect(text.stdout).toContain(part);
    }
    expect(text.stdout).toContain('Microsoft cloud security benchmark v1 DP-5: ');
    expect(JSON.parse(json.stdout)).toEqual(rule && describeRule(rule));
  });

  it('exits 2 for a rule that there is not, and names the nearest', async () => {
    const { code, stdout, stderr } = await rules('acr_nocmkk');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('error: There is no rule "acr_nocmkk". Did you mean acr_nocmk?\n');
  });
});
