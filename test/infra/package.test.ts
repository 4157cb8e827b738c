import { crc32, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeZip } from '../../scripts/infra/zip.ts';

describe('the archive of the function app', () => {
  const content = Buffer.from('{ "version": "2.0" }'.repeat(50));
  const archive = writeZip([
    { path: 'host.json', content },
    { path: 'dist/functions.cjs', content: Buffer.from('') },
  ]);

  it('names its files once each, in its directory', () => {
    const directory = archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    expect(archive.readUInt32LE(archive.length - 6)).toBe(directory);
    expect(archive.readUInt16LE(archive.length - 12)).toBe(2);
    expect(archive.subarray(directory).includes('dist/functions.cjs')).toBe(true);
  });

  it('holds what it was given', () => {
    const name = archive.readUInt16LE(26);
    const packed = archive.subarray(30 + name, 30 + name + archive.readUInt32LE(18));
    expect(inflateRawSync(packed)).toEqual(content);
    expect(archive.readUInt32LE(14)).toBe(crc32(content));
  });

  it('is the same for the same files', () => {
    expect(writeZip([{ path: 'host.json', content }])).toEqual(writeZip([{ path: 'host.json', content }]));
  });
});
