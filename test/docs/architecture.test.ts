import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const text = readFileSync('docs/architecture.md', 'utf8');
const named = [...text.matchAll(/`((?:src|test|simulator)[\w./-]*)`/g)].map(([, path = '']) => path);

it('docs/architecture.md names files and rooms that are there', () => {
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

it('docs/architecture.md names every room', () => {
  const rooms = globSync(['src/*', 'src/monitor/*', 'src/domain/*'], { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`);
  expect(rooms.length).toBeGreaterThan(15);
  expect(rooms.filter((room) => !named.some((path) => path.startsWith(room)))).toEqual([]);
});
