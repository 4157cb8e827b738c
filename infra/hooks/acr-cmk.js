import { spawnSync } from 'node:child_process';

/** Runs a command of this project with the environment that azd hands over; azd has installed its packages by then. */
export function acrCmk(...args) {
  const shell = process.platform === 'win32';
  const { status } = spawnSync('npm', ['run', '--silent', 'cli', '--', ...args], { stdio: 'inherit', shell });
  process.exitCode = status ?? 1;
}
