import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

/** What a command came to. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder for the time of a file's tests; the commands run in there, where no settings file is. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'acr-cmk-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Runs a program of the project as a process of its own, off a terminal, with nothing of this environment.
 * Compiled code is kept between the runs, since starting is most of what a command does.
 */
export function run(program: string, args: string[], options: { cwd: string; env?: Record<string, string> }) {
  const { promise, resolve: settle } = Promise.withResolvers<Outcome>();
  const env = { NODE_COMPILE_CACHE: resolve('node_modules/.cache/acr-cmk'), ...options.env };
  execFile(
    process.execPath,
    [resolve(program), ...args],
    { cwd: options.cwd, env, timeout: 45_000 },
    (error, stdout, stderr) => settle({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
  );
  return promise;
}

/** Writes a settings file, and answers its path. */
export function writeSettings(folder: string, values: Record<string, string>): string {
  const path = join(folder, `${crypto.randomUUID()}.json`);
  writeFileSync(path, JSON.stringify({ IsEncrypted: false, Values: values }));
  return path;
}

/** Starts a program of the project that goes on until it is stopped. */
export function startProgram(program: string, args: string[], { cwd }: { cwd: string }) {
  const env = { NODE_COMPILE_CACHE: resolve('node_modules/.cache/acr-cmk') };
  const child = spawn(process.execPath, [resolve(program), ...args], { cwd, env });
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
  let text = '';
  const seen = Promise.withResolvers<void>();
  let wanted: RegExp | undefined;
  const look = () => {
    if (wanted?.test(text)) seen.resolve();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text += String(data);
      look();
    });
  }
  seen.promise.catch(() => {});
  void ended.then(() => seen.reject(new Error(`It ended before it said that: ${text}`)));
  return {
    pid: child.pid,
    /** All that it has said, once that holds what is looked for. */
    async until(pattern: RegExp): Promise<string> {
      wanted = pattern;
      look();
      await seen.promise;
      return text;
    },
    async stop(): Promise<void> {
      child.kill('SIGINT');
      await ended;
    },
  };
}
