import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(path, 'utf8');
const deploy = read('docs/deploy.md');
const operate = read('docs/operate.md');

/** Names in the first column of the table under a heading. */
function toFirstColumn(text: string, heading: string): string[] {
  const section = text.split(`\n${heading}\n`)[1]?.split(/\n#+ /)[0] ?? '';
  return [...section.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

const toParameters = (path: string) =>
  [...read(path).matchAll(/^param (\w+) /gm)].map(([, name = '']) => name);

describe('docs/deploy.md', () => {
  it('tells all parameters of the deployment, and no other', () => {
    expect(toFirstColumn(deploy, '## Parameters').sort()).toEqual(toParameters('infra/main.bicep').sort());
  });

  it('gives each template parameters that it has', () => {
    const deployments = [...deploy.matchAll(/--template-file (\S+) --parameters (.+)$/gm)];
    expect(deployments.length).toBeGreaterThan(0);
    for (const [, template = '', values = ''] of deployments) {
      const names = values.split(' ').map((value) => value.split('=')[0]);
      expect(toParameters(template)).toEqual(expect.arrayContaining(names));
    }
  });
});

describe('docs/operate.md', () => {
  it('tells all alert rules of the deployment, and no other', () => {
    const rules = [...read('infra/modules/alert-rules.bicep').matchAll(/^ {4}name: '([\w-]+)'$/gm)];
    expect(toFirstColumn(operate, '## Alerts about the monitor itself').sort()).toEqual(
      rules.map(([, name]) => name).sort(),
    );
  });

  it('tunes settings that the deployment takes', () => {
    const settings = [...read('infra/settings.bicep').matchAll(/^ {2}(\w+): string\?$/gm)].map(
      ([, name]) => name,
    );
    const tuned = toFirstColumn(operate, '## Tuning').filter((name) => /^[A-Z_]+$/.test(name));
    expect(tuned.length).toBeGreaterThan(8);
    expect(settings).toEqual(expect.arrayContaining(tuned));
  });
});
