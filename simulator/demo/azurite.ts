import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/exit.ts';

const HOST = '127.0.0.1';
const ACCOUNT = 'devstoreaccount1';
/** Of this process alone: a page in a browser, or another user, can't reach the tables by the key that everybody knows. */
const KEY = randomBytes(64).toString('base64');
const TELEMETRY_MODULE = 'applicationinsights';
const NO_TELEMETRY_URL = 'acr-cmk-monitor-no-telemetry:';
const KEEP_ALIVE_SECONDS = 5;

/** What is used of Azurite, which has no typings. */
interface AzuriteClasses {
  TableServer: new (
    configuration: object,
  ) => { start(): Promise<void>; close(): Promise<void>; getHttpServerAddress(): string };
  TableConfiguration: new (
    host: string,
    port: number,
    keepAliveTimeoutSeconds: number,
    metadataPath: string,
    enableDebugLog: boolean,
    enableAccessLog: boolean,
    accessLogStream: undefined,
    debugLogPath: undefined,
    loose: boolean,
    skipApiVersionCheck: boolean,
    cert: string,
    key: string,
    password: string,
    oauth: undefined,
    disableProductStyleUrl: boolean,
    isMemoryPersistence: boolean,
  ) => object;
}

/** Azurite's table service, in this process. */
export interface Azurite {
  /** For `TableClient.fromConnectionString`, which also needs `allowInsecureConnection`. */
  connectionString: string;
  port: number;
  /** Stops the service, and writes what it holds where it has a folder. */
  close(): Promise<void>;
}

/**
 * Starts Azurite's table service in this process, on a free port where none is given; it holds its tables in
 * memory, or in a file within `folder`.
 * @throws Error when the port is taken.
 */
export async function startAzurite(options: { port?: number; folder?: string } = {}): Promise<Azurite> {
  const { port = 0, folder } = options;
  const { TableServer, TableConfiguration } = requireAzurite();
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  process.env.AZURITE_ACCOUNTS = `${ACCOUNT}:${KEY}`;
  const server = new TableServer(
    new TableConfiguration(
      HOST,
      port,
      KEEP_ALIVE_SECONDS,
      join(folder ?? '', '__azurite_db_table__.json'),
      false,
      false,
      undefined,
      undefined,
      false,
      true,
      '',
      '',
      '',
      undefined,
      false,
      folder === undefined,
    ),
  );
  await server.start();
  const bound = Number(new URL(server.getHttpServerAddress()).port);
  return {
    connectionString: connectionStringFor(bound),
    port: bound,
    close: () => server.close(),
  };
}

function connectionStringFor(port: number): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `TableEndpoint=http://${HOST}:${port}/${ACCOUNT}`,
  ].join(';');
}

/**
 * Azurite sends telemetry through a module that takes two seconds to load; it gets an empty one instead. Its files
 * are required, because a test runner imports the default of a CommonJS module in another way than Node.js does.
 */
function requireAzurite(): AzuriteClasses {
  const require = createRequire(import.meta.url);
  const hooks = registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === TELEMETRY_MODULE
        ? { url: NO_TELEMETRY_URL, format: 'commonjs', shortCircuit: true }
        : nextResolve(specifier, context),
    load: (url, context, nextLoad) =>
      url === NO_TELEMETRY_URL
        ? { source: '', format: 'commonjs', shortCircuit: true }
        : nextLoad(url, context),
  });
  try {
    return {
      TableServer: require('azurite/dist/src/table/TableServer').default,
      TableConfiguration: require('azurite/dist/src/table/TableConfiguration').default,
    };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new UsageError(
      'Findings are kept in azurite here, which is not installed: run "npm install azurite" beside acr-cmk-monitor, and start again',
      { cause },
    );
  } finally {
    hooks.deregister();
  }
}
