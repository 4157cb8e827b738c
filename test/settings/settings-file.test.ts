import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadLocalSettings } from '../../src/settings/settings-file.ts';

function writeSettings(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'local.settings.json');
  writeFileSync(path, text);
  return path;
}

afterEach(() => void vi.unstubAllEnvs());

describe('a settings file', () => {
  it('gives its values', () => {
    const path = writeSettings(
      '{"IsEncrypted": false, "Values": {"A_1": "x", "B_2": ""}, "Host": {"CORS": "*"}}',
    );
    expect(loadLocalSettings(path)).toEqual({ A_1: 'x', B_2: '' });
  });

  it('may have a byte order mark, comments and trailing commas', () => {
    const path = writeSettings(`\uFEFF{
      // a comment with "quotes"
      "Values": {
        "URL": "https://host/a//b,}", /* and
        another */
      },
    }`);
    expect(loadLocalSettings(path)).toEqual({ URL: 'https://host/a//b,}' });
  });

  it('gives way to the environment', () => {
    vi.stubEnv('SWEEP_SCHEDULE', '');
    const path = writeSettings('{"Values": {"SWEEP_SCHEDULE": "0 0 * * * *", "OTHER_SETTING": "y"}}');
    expect(loadLocalSettings(path)).toEqual({ OTHER_SETTING: 'y' });
  });

  it('may be missing, or have no values', () => {
    expect(loadLocalSettings(join(tmpdir(), 'no-such-folder', 'local.settings.json'))).toEqual({});
    expect(loadLocalSettings(writeSettings('{"Values": null}'))).toEqual({});
    expect(loadLocalSettings(writeSettings('{}'))).toEqual({});
  });
});

describe('a faulty settings file is named in the error, with', () => {
  it.each([
    ['broken JSON', '{\n  "Values": {\n    "A": "x" "B": "y"\n  }\n}', 'line 3, column 14: not valid JSON'],
    [
      'JSON that is broken after a comment',
      '{ /* 1\n2 */ "Values": oops }',
      'line 2, column 16: not valid JSON',
    ],
    ['JSON that ends early', '{\n  "Values": {\n', 'line 2, column 14: not valid JSON'],
    ['nothing in it', '', 'line 1, column 1: not valid JSON'],
    ['a list', '[]', 'it must be an object'],
    ['values that are no object', '{"Values": "x"}', 'it must be an object whose "Values"'],
    [
      'values that are no strings',
      '{"Values": {\n"A": 1,\n"B": null, "C": "ok", "D": {"x": 1}, "E": []}}',
      'each of "Values" must be a string, but A (line 2, column 1) is a number; ' +
        'B (line 3, column 1) is null; D (line 3, column 23) is an object; E (line 3, column 38) is an array.',
    ],
    [
      'encrypted values',
      '{"IsEncrypted": true, "Values": {"A": "CfDJ8"}}',
      "line 1, column 2: encrypted settings can't",
    ],
  ])('%s', (_, text, message) => {
    const path = writeSettings(text);
    expect(() => loadLocalSettings(path)).toThrow(message);
    expect(() => loadLocalSettings(path)).toThrow(path);
  });
});
