import { CommanderError } from 'commander';
import { ReadFailure } from '../domain/estate/read-failure.ts';
import { InvalidCursor } from '../monitor/ports/ports.ts';
import { ConfigError } from '../settings/config-error.ts';
import { hasStore } from '../settings/store-connection.ts';
import { exitCodes, UsageError } from './exit.ts';
import { note } from './output.ts';

/** Says what went wrong and what to do, and answers the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
  const { text, code } = toReport(error);
  note(`error: ${text}`);
  if (error instanceof ConfigError && !hasStore(process.env)) {
    note('No local monitor runs in this folder either: start one by "acr-cmk demo" or "acr-cmk live".');
  }
  return code;
}

function toReport(error: unknown): { text: string; code: number } {
  const message = error instanceof Error ? error.message : String(error);
  if (isSignIn(error)) {
    const text = error instanceof ReadFailure ? message : 'Nobody is signed in to Azure.';
    return { text: `${text}\n${signIn}`, code: exitCodes.wrongUse };
  }
  const unreachable = toUnreachableText(error);
  if (unreachable) return { text: unreachable, code: exitCodes.notAllRead };
  const refused = toRefusedText(error);
  if (refused) return { text: refused, code: exitCodes.wrongUse };
  const isWrongUse =
    error instanceof UsageError || error instanceof ConfigError || error instanceof InvalidCursor;
  if (isWrongUse) return { text: message, code: exitCodes.wrongUse };
  const file = toFileText(error);
  return file ? { text: file, code: exitCodes.wrongUse } : { text: message, code: exitCodes.notAllRead };
}

const signIn =
  'Sign in by "az login", or set AZURE_TOKEN_CREDENTIALS and what it needs (README, Settings), and start again.';

/** Credentials fail by their own names, also below a failure of the tables. */
function isSignIn(error: unknown): boolean {
  if (error instanceof ReadFailure) return error.isSignIn;
  const { name = '', cause } = (error ?? {}) as { name?: string; cause?: unknown };
  const isCredential =
    /^(CredentialUnavailable|AggregateAuthentication|Authentication(Required)?)Error$/.test(name);
  return isCredential || (cause !== undefined && isSignIn(cause));
}

/** What a table that failed answered; of the tables the command line knows no more than that. */
function toAnswer(error: unknown): { statusCode?: number; code?: string } | undefined {
  const { name, answer } = (error ?? {}) as {
    name?: string;
    answer?: { statusCode?: number; code?: string };
  };
  return name === 'StoreFailure' ? answer : undefined;
}

function toUnreachableText(error: unknown): string | undefined {
  const { code = '' } = toAnswer(error) ?? {};
  if (!['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'].includes(code))
    return undefined;
  const place = toStorePlace();
  const isLocal = /^(127\.|localhost|\[::1\])/.test(place);
  const remedy = isLocal
    ? 'start it there, e.g. by "npx azurite-table --location .local/azurite", or set FindingsStorage to another'
    : 'see that the name is right and that this network reaches it (private endpoint? firewall?)';
  return `Nothing answers at ${place}, where the tables should be (${code}): ${remedy}.`;
}

/** Host and port of the table service that the settings name, without anything secret. */
function toStorePlace(): string {
  const { env } = process;
  const text = env.FindingsStorage || env.FindingsStorage__tableServiceUri || env.AzureWebJobsStorage || '';
  if (/UseDevelopmentStorage=true/i.test(text)) return '127.0.0.1:10002';
  const endpoint = /TableEndpoint=([^;]+)/i.exec(text)?.[1] ?? text;
  if (URL.canParse(endpoint)) return new URL(endpoint).host;
  const account = /AccountName=([^;]+)/i.exec(text)?.[1];
  return account ? `the storage account ${account}` : 'the storage account';
}

function toRefusedText(error: unknown): string | undefined {
  const { statusCode, code } = toAnswer(error) ?? {};
  if (statusCode !== 403 && statusCode !== 401) return undefined;
  return code === 'AuthenticationFailed'
    ? `${toStorePlace()} refuses the key or signature in FindingsStorage (HTTP ${statusCode} ${code}): set the one that is valid now.`
    : `${toStorePlace()} does not let you in (HTTP ${statusCode} ${code ?? ''}): you need the role Storage Table Data Contributor there, and a network that its firewall lets in.`;
}

const fileTexts: Record<string, (path: string) => string> = {
  ENOENT: (path) => `There is no file or folder ${path}.`,
  ENOTDIR: (path) => `${path} is a file, and a folder is wanted.`,
  EISDIR: (path) => `${path} is a folder, and a file is wanted.`,
  EACCES: (path) => `${path} may not be read or written: use a folder that you may write in.`,
  EPERM: (path) => `${path} may not be read or written: use a folder that you may write in.`,
  EROFS: (path) => `${path} is on a read-only file system: use a folder that you may write in.`,
  ENOSPC: (path) => `There is no space left to write ${path}.`,
};

function toFileText(error: unknown): string | undefined {
  const { code = '', path } = (error ?? {}) as NodeJS.ErrnoException;
  return path === undefined ? undefined : fileTexts[code]?.(path);
}
