import { readFile, rm, writeFile } from 'node:fs/promises';
import { bundleCommandLine } from './bundle.ts';
import { toNotices } from './notices.ts';

// What the npm package holds beside its entry: all that the command needs, so that it installs nothing else.

const outdir = 'dist/cli';
await rm(outdir, { recursive: true, force: true });
const { inputs, outputs } = await bundleCommandLine(outdir);
await writeFile(`${outdir}/THIRD-PARTY-NOTICES.txt`, await toNotices(Object.keys(inputs)));
const bytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0);
const { name, version } = JSON.parse(await readFile('package.json', 'utf8'));
console.error(`${outdir}: ${bytes} bytes, what ${name} ${version} runs as "acr-cmk"`);
