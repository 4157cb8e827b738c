import { existsSync, readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import * as z from 'zod';
import { positionAt, readJsonFile } from './json-file.ts';

const LocalSettings = z.object({
  IsEncrypted: z.unknown().optional(),
  Values: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Reads `Values` of `local.settings.json`, by default the one in the current folder; without the file there are
 * none. Settings that the environment already has are left out, so that it wins, as with `func`.
 * @throws Error that names the file and what is wrong where in it.
 */
export function loadLocalSettings(path?: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readValues(path)).filter(([name]) => process.env[name] === undefined),
  );
}

function readValues(path = 'local.settings.json'): Record<string, string> {
  const file = readJsonFile(path);
  if (!file) {
    return {};
  }
  const parsed = LocalSettings.safeParse(file.value);
  if (!parsed.success) {
    throw new Error(`${path}: it must be an object whose "Values" is an object of strings.`);
  }
  if (isEncrypted(parsed.data.IsEncrypted)) {
    const where = positionOfName(file.text, 'IsEncrypted');
    throw new Error(`${path}, ${where}: encrypted settings can't be read here; run "func settings decrypt".`);
  }
  const values = Object.entries(parsed.data.Values ?? {});
  const faults = values.flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [`${name} (${positionOfName(file.text, name)}) is ${kindOf(value)}`],
  );
  if (faults.length > 0) {
    throw new Error(`${path}: each of "Values" must be a string, but ${faults.join('; ')}.`);
  }
  return Object.fromEntries(values as [string, string][]);
}

function isEncrypted(value: unknown): boolean {
  return value === true || String(value).toLowerCase() === 'true';
}

function positionOfName(text: string, name: string): string {
  return positionAt(text, Math.max(0, text.lastIndexOf(JSON.stringify(name))));
}

function kindOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'an array';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Takes the settings of a file into the environment of this process, where they are not set already, and trusts the
 * certificates that `NODE_EXTRA_CA_CERTS` names there beside those of the environment: Node itself reads that one only
 * when it starts.
 * @throws Error when a file that was asked for is not there.
 */
export function applySettings(path?: string): void {
  if (path !== undefined && !existsSync(path)) throw new Error(`${path}: there is no such settings file.`);
  const certificates = readValues(path).NODE_EXTRA_CA_CERTS;
  Object.assign(process.env, loadLocalSettings(path));
  if (certificates) trustCertificates(certificates);
}

/** Trusts the certificates of a file beside those that this process trusts already. */
export function trustCertificates(path: string): void {
  setDefaultCACertificates([...getCACertificates(), readFileSync(path, 'utf8')]);
}
