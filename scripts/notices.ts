import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Licences of the packages that some bundled files come from, with their texts, by name and version. */
export async function toNotices(inputs: readonly string[]): Promise<string> {
  const folders = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const notices = new Map(await Promise.all([...folders].map(readNotice)));
  const texts = [...notices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${name}\n\n${text}\n`);
  return ['This app holds parts of the following packages.\n', ...texts].join(`\n${'-'.repeat(80)}\n\n`);
}

async function readNotice(folder: string): Promise<[name: string, text: string]> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) =>
    /^(licen[cs]e|notice|thirdpartynotices)/i.test(file),
  );
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  if (texts.length === 0 && !license) throw new Error(`${folder} names no licence: it can't be passed on`);
  return [`${name} ${version} (${license ?? 'see below'})`, texts.map((text) => text.trim()).join('\n\n')];
}
