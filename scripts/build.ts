import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleBudget, bundleFunctions } from './bundle.ts';
import { writeZip, type ZipEntry } from './infra/zip.ts';
import { toNotices } from './notices.ts';

// What is deployed: the bundle needs no node_modules, so the function app gets no list of dependencies to install.

/** Ignored by git; azure.yaml names it, and azd runs the script that makes it. */
const folder = '.local/package';
const archive = '.local/package.zip';

const { name, version, main } = JSON.parse(await readFile('package.json', 'utf8'));
const outdir = dirname(main);

await rm(outdir, { recursive: true, force: true });
const { inputs, outputs } = await bundleFunctions(outdir);
for (const [file, budget] of Object.entries(bundleBudget)) {
  const bytes = outputs[`${outdir}/${file}`]?.bytes ?? Number.POSITIVE_INFINITY;
  console.log(`${outdir}/${file}: ${bytes} of ${budget} bytes`);
  if (bytes > budget)
    throw new Error(`${file} is over its budget: see what came in, or raise it in scripts/bundle.ts`);
}

const files = ['host.json', ...Object.keys(bundleBudget).map((file) => `${outdir}/${file}`)];

await rm(folder, { recursive: true, force: true });
for (const file of files) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await cp(file, join(folder, file));
}
await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), await toNotices(Object.keys(inputs)));
await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name, version, main }, null, 2)}\n`);

const entries: ZipEntry[] = await Promise.all(
  [...files, 'package.json', 'THIRD-PARTY-NOTICES.txt'].map(async (path) => ({
    path,
    content: await readFile(join(folder, path)),
  })),
);
await writeFile(archive, writeZip(entries));
console.log(`${archive} holds what the function app needs; ${folder} holds the same, unpacked`);
