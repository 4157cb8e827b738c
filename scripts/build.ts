import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });

// CommonJS: the Functions worker can't start an ESM bundle. Its own module is supplied by the worker.
await build({
  entryPoints: { functions: 'src/functions/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false,
  external: ['@azure/functions-core'],
  logLevel: 'info',
});
