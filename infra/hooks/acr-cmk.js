import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/acr-cmk.js', import.meta.url));

/** Runs a command of this project with the environment that azd hands over; azd has installed its packages by then. */
export function acrCmk(...args) {
  const { status } = spawnSync(process.execPath, [command, ...args], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
