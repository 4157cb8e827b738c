import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive. */
export interface ZipEntry {
  /** With slashes, without a leading one. */
  path: string;
  content: Buffer;
}

/** 1 January 1980, the earliest day that the format knows: the same files always give the same archive. */
const day = 33;

/** Writes an archive that any function app takes (source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of entries) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content, { level: 9 });
    const common = toCommon({ name, content, packed });
    const file = Buffer.concat([toBytes([0x04034b50, 4]), common, name, packed]);
    const ending = toBytes([0, 2], [0, 2], [0, 2], [0o100644 * 0x10000, 4], [offset, 4]);
    // Made on Unix, so that the permissions count.
    directory.push(toBytes([0x02014b50, 4], [0x0314, 2]), common, ending, name);
    files.push(file);
    offset += file.length;
  }
  const central = Buffer.concat(directory);
  const end = toBytes(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [entries.length, 2],
    [entries.length, 2],
    [central.length, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([...files, central, end]);
}

/** What a file's own header and the directory both say about it. */
function toCommon({ name, content, packed }: { name: Buffer; content: Buffer; packed: Buffer }): Buffer {
  const utf8 = 0x0800;
  const deflated = 8;
  return toBytes(
    [20, 2],
    [utf8, 2],
    [deflated, 2],
    [0, 2],
    [day, 2],
    [crc32(content), 4],
    [packed.length, 4],
    [content.length, 4],
    [name.length, 2],
    [0, 2],
  );
}

function toBytes(...fields: [value: number, size: number][]): Buffer {
  return Buffer.concat(
    fields.map(([value, size]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}
