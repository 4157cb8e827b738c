import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A shell that hooks are written for. */
export interface Shell {
  name: 'sh' | 'pwsh';
  extension: 'sh' | 'ps1';
}

/** What a hook did. */
export interface HookRun {
  status: number | null;
  output: string;
  /** Calls of az and azd in order, one argument an element; names of temporary files are left out. */
  calls: string[][];
  /** What was handed over in files, in order. */
  files: unknown[];
}

export const shells: readonly Shell[] = [
  { name: 'sh', extension: 'sh' },
  { name: 'pwsh', extension: 'ps1' },
];

export const isInstalled = (name: string) => spawnSync(name, ['-c', 'exit 0']).status === 0;

/** Writes its arguments down, fails where it is told to, and answers what the test has for the call. */
const standIn = `#!/bin/sh
{ printf '%s' "$(basename "$0")"; for argument in "$@"; do printf '\\037%s' "$argument"; done; printf '\\n'; } >>"$STAND_IN/calls"
for argument in "$@"; do
  case "$argument" in @*) cat "\${argument#@}" >>"$STAND_IN/files"; echo >>"$STAND_IN/files" ;; esac
done
if [ -n "$STAND_IN_FAILS" ]; then
  case "$*" in *"$STAND_IN_FAILS"*) exit 3 ;; esac
fi
case "$*" in
  'cloud show'*) echo https://management.azure.com/ ;;
  rest*'data[0].ids'*) echo 11111111-1111-1111-1111-111111111111,22222222-2222-2222-2222-222222222222 ;;
  rest*appsettings/refresh*) ;;
  rest*) printf '%b' "$STAND_IN_TOPICS" ;;
  'keyvault list-deleted'*) printf '%s' "$STAND_IN_DELETED" ;;
  'group exists'*) echo "$STAND_IN_GROUP" ;;
  'identity list'*) echo 00000000-0000-0000-0000-00000000000b ;;
  'role assignment list'*) echo assignment-1 ;;
  'role definition list'*) echo role-1 ;;
  'policy assignment list'*metadata.assignedBy*) echo acr-cmk-vault ;;
  'policy assignment list'*) echo found-1 ;;
esac
`;

/** What azd hands to hooks after provisioning; some of it awkward on purpose. */
const environment = {
  AZURE_ENV_NAME: 'acr cmk "test"',
  AZURE_LOCATION: 'westeurope',
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000001',
  AZURE_RESOURCE_GROUP: 'rg-acr-cmk-monitor',
  FUNCTION_APP_NAME: 'func-a3rzxkh62xa2q',
  API_URI: 'https://func-a3rzxkh62xa2q.azurewebsites.net/api',
  KEY_VAULT_NAME: 'kv-a3rzxkh62xa2q',
  EVENTS_RESOURCE_GROUP: 'rg-acr-cmk-monitor-events',
  EVENT_SUBSCRIPTION_NAME: 'acr-cmk-monitor-a3rzxkh62xa2q',
  EVENT_POLICY_NAME: 'acr-cmk-a3rzxkh62xa2q',
  READER_PRINCIPAL_ID: '00000000-0000-0000-0000-00000000000a',
  RETRY_SECONDS: '0',
};

/** Runs a hook with stand-ins for az and azd in place of the real ones. */
export function runHook(
  hook: string,
  { name, extension }: Shell,
  settings: Record<string, string | undefined> = {},
): HookRun {
  const folder = mkdtempSync(join(tmpdir(), 'acr-cmk-hook-'));
  try {
    for (const tool of ['az', 'azd']) {
      writeFileSync(join(folder, tool), standIn);
      chmodSync(join(folder, tool), 0o755);
    }
    const run = spawnSync(name, [`infra/hooks/${hook}.${extension}`], {
      encoding: 'utf8',
      env: {
        ...process.env,
        ...environment,
        STAND_IN: folder,
        STAND_IN_FAILS: '',
        STAND_IN_GROUP: 'true',
        ...settings,
        PATH: `${folder}${delimiter}${process.env.PATH}`,
      },
    });
    const lines = readLines(join(folder, 'calls')).map((line) => line.split('\u001f'));
    return {
      status: run.status,
      output: `${run.stdout}${run.stderr}`,
      calls: lines.map((call) => call.map((argument) => argument.replace(/^@.*\//, '@'))),
      files: readLines(join(folder, 'files')).map((line) => JSON.parse(line)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
