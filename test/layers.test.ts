import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the top: a room imports itself and what stands below it; those in one line know nothing of each other. */
const layers = [
  ['scripts'],
  ['simulator'],
  ['src/functions', 'src/cli', 'src/web'],
  ['src/deployment'],
  ['src/app.ts'],
  ['src/azure', 'src/store', 'src/alerts', 'src/settings', 'src/templates', 'src/memory.ts'],
  ['src/monitor'],
  ['src/rules'],
  ['src/remedy', 'src/bodies'],
  ['src/domain/record'],
  ['src/domain/estate'],
];

/** The doors reach what is below the composition root by the root alone. */
const adapters = ['src/azure', 'src/store', 'src/alerts'];
const doors = ['src/functions', 'src/cli'];

const imports = globSync('{src,simulator,scripts}/**/*.ts').flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path = '']) => ({
    from: file,
    to: posix.join(posix.dirname(file), path),
  })),
);

describe('imports', () => {
  it('point down only', () => {
    expect(imports.filter(({ from, to }) => !pointsDown(from, to))).toEqual([]);
  });

  it('of the doors go round no adapter', () => {
    const around = imports.filter(
      ({ from, to }) =>
        doors.includes(roomOf(from).room) && to.startsWith('src/') && adapters.includes(roomOf(to).room),
    );
    expect(around).toEqual([]);
  });
});

describe('what watches', () => {
  it('holds nothing that changes Azure: the deployment is reached by the command line alone', () => {
    const isOfDeployment = (file: string) => file.startsWith('src/deployment/');
    const users = imports.filter(({ from, to }) => isOfDeployment(to) && !isOfDeployment(from));
    expect([...new Set(users.map(({ from }) => roomOf(from).room))]).toEqual(['src/cli']);
  });
});

function pointsDown(from: string, to: string): boolean {
  if (to.startsWith('infra/') || to === 'package.json' || to === 'host.json') return true;
  const [above, below] = [roomOf(from), roomOf(to)];
  return above.room === below.room || above.layer < below.layer;
}

function roomOf(file: string): { layer: number; room: string } {
  for (const [layer, rooms] of layers.entries()) {
    const room = rooms.find((one) => file === one || file.startsWith(`${one}/`));
    if (room) return { layer, room };
  }
  throw new Error(`${file} stands in no room of the list`);
}
