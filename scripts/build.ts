import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.ts';
import { writeZip, type ZipEntry } from './infra/zip.ts';

// What is deployed: the bundle needs no node_modules, so the function app gets no list of dependencies to install.

/** Ignored by git; azure.yaml names it, and azd runs the script that makes it. */
const folder = '.local/package';
const archive = '.local/package.zip';

await rm(bundleOptions.outdir, { recursive: true, force: true });
await build({ ...bundleOptions, logLevel: 'info' });

const { name, version, main } = JSON.parse(await readFile('package.json', 'utf8'));
const files = ['host.json', main];

await rm(folder, { recursive: true, force: true });
for (const file of files) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await cp(file, join(folder, file));
}
await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name, version, main }, null, 2)}\n`);

const entries: ZipEntry[] = await Promise.all(
  [...files, 'package.json'].map(async (path) => ({ path, content: await readFile(join(folder, path)) })),
);
await writeFile(archive, writeZip(entries));
console.log(`${archive} holds what the function app needs; ${folder} holds the same, unpacked`);
