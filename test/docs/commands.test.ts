import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFolder, run } from '../cli/run-command.ts';

const cwd = createFolder();
const files = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

/** Shell blocks of a document, without the indentation of the list item that they are in. */
function toShellBlocks(text: string): string[] {
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', block = '']) =>
    block.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Commands of a document: lines of its shell blocks, and what stands between backticks. */
function toCommands(text: string): string[] {
  const lines = toShellBlocks(text)
    .flatMap((block) => block.split('\n'))
    .flatMap((line) => line.replace(/\s#.*$/, '').split('&&'));
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...lines, ...inline].map((line) => line.trim());
}

const commands = files.flatMap((file) =>
  toCommands(texts.get(file) ?? '').map((command) => ({ file, command })),
);

/** Words after a beginning, where a command starts with it. */
function toWords(beginning: string) {
  return commands.flatMap(({ file, command }) =>
    command.startsWith(`${beginning} `)
      ? [{ file, command, words: command.slice(beginning.length).trim().split(/\s+/) }]
      : [],
  );
}

describe('npm scripts', () => {
  it('that the documents name are there', () => {
    const named = commands.flatMap(({ file, command }) => {
      const [, name] = /^npm (?:run )?([\w:-]+)/.exec(command) ?? [];
      return name && !['ci', 'install', 'pack'].includes(name) ? [{ file, name }] : [];
    });
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ name }) => !(name in scripts))).toEqual([]);
  });
});

describe('the command line', () => {
  const used = [...toWords('npx acr-cmk'), ...toWords('acr-cmk')];
  const helps = new Map<string, string>();
  let known: string[] = [];

  beforeAll(async () => {
    const { stdout } = await run('bin/acr-cmk.js', ['--help'], { cwd });
    known = [...stdout.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = '']) => name);
    const names = new Set(used.map(({ words: [name = ''] }) => name).filter((name) => known.includes(name)));
    const shown = await Promise.all(
      [...names].map((name) => run('bin/acr-cmk.js', [name, '--help'], { cwd })),
    );
    for (const [index, name] of [...names].entries()) helps.set(name, shown[index]?.stdout ?? '');
  });

  it('has every command that the documents show', () => {
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter(({ words: [name = ''] }) => !known.includes(name))).toEqual([]);
  });

  it('has every flag that they give', () => {
    const wrong = used.flatMap(({ command, words: [name = '', ...rest] }) =>
      rest
        .filter((word) => /^--\w/.test(word) && !helps.get(name)?.includes(`${word} `))
        .filter((word) => !helps.get(name)?.includes(`${word}\n`))
        .map((flag) => ({ command, flag })),
    );
    expect(wrong.filter(({ flag }) => flag !== '--help')).toEqual([]);
  });

  it('has every flag that "npm start" is shown with', async () => {
    const { code, stdout } = await run('bin/acr-cmk.js', ['demo', '--help'], { cwd });
    expect(code).toBe(0);
    const flags = toWords('npm start --').flatMap(({ words }) =>
      words.filter((word) => word.startsWith('--')),
    );
    expect(flags.length).toBeGreaterThan(2);
    for (const flag of flags) expect(stdout).toContain(`${flag} `);
  });
});

describe.each(files)('%s', (file) => {
  const text = texts.get(file) ?? '';

  it('has shell that a shell can read', () => {
    for (const block of toShellBlocks(text)) {
      const { status, stderr } = spawnSync('sh', ['-n'], { input: block, encoding: 'utf8' });
      expect([status, stderr], block).toEqual([0, '']);
    }
  });

  it('links to what is there', () => {
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(
      ([, path = '', anchor]) => !isThere(path === '' ? file : normalize(join(dirname(file), path)), anchor),
    );
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

function isThere(path: string, anchor: string | undefined): boolean {
  try {
    if (anchor === undefined)
      return readdirSync(dirname(path)).some((name) => join(dirname(path), name) === path);
    const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(
      ([, heading = '']) => heading,
    );
    return headings.map(toAnchor).includes(anchor);
  } catch {
    return false;
  }
}

/** The anchor that a heading gets. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
