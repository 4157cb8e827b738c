import type { BuildOptions } from 'esbuild';

/** How the functions become one file; CommonJS: the Functions worker can't start an ESM bundle, and supplies its own module. */
export const bundleOptions = {
  entryPoints: { functions: 'src/functions/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  sourcemap: true,
  sourcesContent: false,
  // Of the second one `debug` makes use where it is installed, which only development does.
  external: ['@azure/functions-core', 'supports-color'],
} satisfies BuildOptions;
