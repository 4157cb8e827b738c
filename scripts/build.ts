import { rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.ts';

await rm(bundleOptions.outdir, { recursive: true, force: true });
await build({ ...bundleOptions, logLevel: 'info' });
