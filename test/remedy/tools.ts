import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The Bicep CLI: BICEP_CLI, or `bicep` on the PATH; undefined where there is none. */
export const bicepCli = findTool([process.env.BICEP_CLI, 'bicep']);
/** `shellcheck`, undefined where it is not on the PATH. */
export const shellcheck = findTool(['shellcheck']);

function findTool(candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.find((path) => path && spawnSync(path, ['--version']).status === 0);
}

/** Does something with texts in files of a new folder, each named after its place in the list. */
function withFiles<T>(texts: readonly string[], ending: string, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'remedy-'));
  try {
    texts.forEach((text, at) => {
      writeFileSync(join(folder, `${at}.${ending}`), text);
    });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What bash answers to a script on its standard input. */
export function runBash(
  script: string,
  options: readonly string[] = [],
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('bash', options, { input: script, encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** All complaints of the Bicep CLI about files, and what it made of them: ARM templates. */
export function compileBicep(texts: readonly string[]): { complaints: string[]; templates: ArmTemplate[] } {
  return withFiles(texts, 'bicep', (folder) => {
    const { stderr, stdout } = spawnSync(bicepCli ?? '', ['build', '--pattern', join(folder, '*.bicep')], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const complaints = `${stdout}\n${stderr}`.split('\n').filter((line) => / : (Error|Warning) /.test(line));
    if (complaints.some((line) => line.includes(' : Error '))) return { complaints, templates: [] };
    const templates = texts.map((_text, at) => JSON.parse(readFileSync(join(folder, `${at}.json`), 'utf8')));
    return { complaints, templates };
  });
}

/** Parts of an ARM template. */
export interface ArmTemplate {
  variables?: Record<string, unknown>;
  parameters?: Record<string, { defaultValue?: unknown }>;
  resources: unknown;
}

/** Complaints of shellcheck about scripts. */
export function checkShell(texts: readonly string[]): string[] {
  return withFiles(texts, 'sh', (folder) => {
    const files = texts.map((_text, at) => join(folder, `${at}.sh`));
    const { stdout } = spawnSync(shellcheck ?? '', ['--format=gcc', '--severity=style', ...files], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    return stdout.split('\n').filter(Boolean);
  });
}

const answers = `
case "$*" in
  *'repository show-tags'*) printf 'v1\\nv2\\n' ;;
  *'repository list'*) printf 'app/web\\napp/api\\n' ;;
  *list-metadata*) echo sha256:0123 ;;
  *'key create'*tsv*) echo https://new.vault.azure.net/keys/made/0123 ;;
  *private-endpoint-connection*) echo 1 ;;
  *'keyvault role assignment list'*) ;;
  *enableRbacAuthorization*tsv*) echo true ;;
  *tsv*) echo /answered ;;
esac`;

/** Runs a script for real, with a stand-in for `az` that writes down its arguments and answers something likely. */
export function runScript(script: string, environment: Record<string, string> = {}): Run {
  return withFiles([script], 'sh', (folder) => {
    const log = join(folder, 'log');
    writeFileSync(log, '');
    writeFileSync(
      join(folder, 'az'),
      `#!/usr/bin/env bash\nprintf '%s\\0' "$@" $'\\036' >>"$AZ_LOG"${answers}\n`,
      { mode: 0o755 },
    );
    writeFileSync(join(folder, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
    const { status, stderr } = spawnSync('bash', [join(folder, '0.sh')], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...environment, PATH: `${folder}:${process.env.PATH}`, AZ_LOG: log },
    });
    const calls = readFileSync(log, 'utf8').split('\u001e\0').slice(0, -1);
    return { status, stderr, calls: calls.map((call) => call.split('\0').slice(0, -1)) };
  });
}

/** What a script did. */
export interface Run {
  status: number | null;
  stderr: string;
  /** Arguments of each call of `az`. */
  calls: string[][];
}

/** What an operator has to give to some scripts. */
export const given = {
  WORKSPACE_ID: '/workspace',
  ASSIGNMENT_ID: '/assignment',
  ADMINISTRATOR_ID: 'administrator',
  IDENTITY_CLIENT_ID: 'client',
  PRINCIPAL_ID: 'principal',
  KEY_HOLDER_ID: '/holder',
  KEY_HOLDER_RESOURCE_GROUP: 'holder-group',
  KEY_HOLDER_SUBSCRIPTION: 'holder-subscription',
  KEY_HOLDER_LOCATION: 'holder-location',
};
