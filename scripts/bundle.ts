import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** CommonJS: the Functions worker can't start an ESM bundle, and supplies its own module. */
const options = {
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // Names stay as they are, for stack traces; to keep them beside shorter ones costs more at the start than it saves.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  // Of the second one `debug` makes use where it is installed, which only development does.
  external: ['@azure/functions-core', 'supports-color'],
} satisfies BuildOptions;

/**
 * Bundles the functions as two files: `functions.cjs`, which tells the host what there is, and `handlers.cjs`, which
 * the first run of a function loads. A host that starts reads the first one alone.
 */
export async function bundleFunctions(outdir: string): Promise<Metafile> {
  const results = await Promise.all([
    build({
      ...options,
      outdir,
      metafile: true,
      entryPoints: { functions: 'src/functions/index.ts' },
      plugins: [handlersApart, registrationsMade],
    }),
    build({ ...options, outdir, metafile: true, entryPoints: { handlers: 'src/functions/handlers.ts' } }),
  ]);
  const [entry, handlers] = results.map(({ metafile }) => metafile);
  return {
    inputs: { ...entry?.inputs, ...handlers?.inputs },
    outputs: { ...entry?.outputs, ...handlers?.outputs },
  };
}

/**
 * Bundles the command line, the simulator with it, in pieces that a command loads as it needs them: none holds an SDK
 * that `--help` or `rules` would wait for. Azurite is the one thing that is looked for beside the package.
 */
export async function bundleCommandLine(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // What a package offers as modules: its other form may ask for files of its own while it runs.
    mainFields: ['module', 'main'],
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    external: options.external,
    // What is bundled of CommonJS asks for Node's own modules by this.
    banner: {
      js: "import{createRequire as __requireFrom}from'node:module';const require=__requireFrom(import.meta.url);",
    },
    outdir,
    metafile: true,
    entryPoints: { main: 'bin/main.ts' },
  });
  return metafile;
}

/** Files that {@link bundleFunctions} makes, and the most bytes that each may have: what grows beyond that is looked at first. */
export const bundleBudget = { 'functions.cjs': 140_000, 'handlers.cjs': 1_900_000 };

const handlersApart: Plugin = {
  name: 'handlers-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/handlers\.ts$/ }, () => ({ path: './handlers.cjs', external: true })),
};

/** The list of endpoints as data: what it is made from is needed by handlers alone. */
const registrationsMade: Plugin = {
  name: 'registrations-made',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]http[\\/]registrations\.ts$/ }, async ({ path }) => {
      const { registrations } = await import(pathToFileURL(path).href);
      return { contents: `export const registrations = ${JSON.stringify(registrations)};`, loader: 'js' };
    }),
};
