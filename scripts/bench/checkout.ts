import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Another commit of this repository in a folder of its own, with its packages: those that are installed here where it names the same. */
export async function checkOut(ref: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = join(await mkdtemp(join(tmpdir(), 'acr-cmk-bench-')), 'checkout');
  await run('git', ['worktree', 'add', '--detach', folder, ref]).catch((error) => {
    throw new Error(`There is no commit "${ref}" here: ${error.stderr?.trim() ?? error.message}`);
  });
  const lock = 'package-lock.json';
  if ((await readFile(lock, 'utf8')) === (await readFile(join(folder, lock), 'utf8'))) {
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  } else {
    console.error(`Installing the packages of ${ref} …`);
    await run('npm', ['ci', '--ignore-scripts', '--prefer-offline'], { cwd: folder });
  }
  return {
    folder,
    async remove() {
      await run('git', ['worktree', 'remove', '--force', folder]);
      await rm(resolve(folder, '..'), { recursive: true, force: true });
    },
  };
}
