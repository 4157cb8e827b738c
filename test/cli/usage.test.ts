import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder, run, writeSettings } from './run-command.ts';

const cwd = createFolder();
const unreachable = `${['DefaultEndpointsProtocol=http', 'AccountName=images', 'AccountKey=c2VjcmV0a2V5'].join(';')};TableEndpoint=http://127.0.0.1:1/images`;
const storage = { FindingsStorage: unreachable };
const cli = (args: string[], env: Record<string, string> = storage) =>
  run('bin/acr-cmk.js', args, { cwd, env });
const id =
  '/subscriptions/6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/acr';

describe('help', () => {
  it.concurrent('of the program names its commands and exit codes', async () => {
    const { code, stdout, stderr } = await cli(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const word of ['sweep', 'assess', 'findings', 'history', '--settings', 'Exit codes: 0 done; 1 ']) {
      expect(stdout).toContain(word);
    }
  });

  it.concurrent('is what the program says without a command, which is a wrong use', async () => {
    const { code, stdout, stderr } = await cli([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: acr-cmk');
  });
});

describe('wrong use exits 2, says why on standard error, and prints nothing:', () => {
  it.concurrent.each([
    ['an unknown command', ['swep'], /unknown command 'swep'/],
    ['a resource id of something else', ['assess', `${id}/webhooks/x`], /not the resource id/],
    ['a severity that is none', ['sweep', '--fail-on', 'urgent'], /--fail-on.*critical, high, medium, low/s],
    ['a subscription that is none', ['findings', '--subscription', 'production'], /--subscription/],
    ['a registry that is none', ['findings', '--registry', `${id}/webhooks/x`], /--registry/],
    ['a limit that is none', ['history', id, '--limit', '1001'], /--limit.*1 to 1000/s],
    ['a cursor that is none', ['findings', '--cursor', 'nonsense'], /cursor/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('configuration', () => {
  it.concurrent('that is faulty exits 2 with all faults by name', async () => {
    const { code, stdout, stderr } = await cli(['findings', '--json'], {
      AZURE_CLOUD: 'AzureGermanCloud',
      REASSESS_DAYS: 'weekly',
      ALERT_WEBHOOK_URL: 'http://hooks.example/s3cr3t',
    });
    expect([code, stdout]).toEqual([2, '']);
    for (const name of [
      'AZURE_CLOUD',
      'REASSESS_DAYS',
      'ALERT_WEBHOOK_URL',
      'ALERT_WEBHOOK_SECRET',
      'FindingsStorage',
    ]) {
      expect(stderr).toContain(`\n  - ${name} `);
    }
    expect(stderr).not.toContain('s3cr3t');
  });

  it.concurrent('is taken from a file, where the environment wins', async () => {
    const settings = writeSettings(cwd, { FindingsStorage: 'garbage', AZURE_CLOUD: 'AzureGermanCloud' });
    const { code, stderr } = await cli(['findings', '--settings', settings], { AZURE_CLOUD: 'AzureCloud' });
    expect(code).toBe(2);
    expect(stderr).toContain('FindingsStorage');
    expect(stderr).not.toContain('AZURE_CLOUD');
  });

  it.concurrent.each([
    ['that is not there', 'nosuch.json', undefined, 'nosuch.json: there is no such settings file'],
    ['that is no JSON', 'broken.json', '{"Values": {\n"A": }}', 'broken.json, line 2, column 6'],
  ])('in a file %s exits 2 and names it', async (_, name, text, message) => {
    if (text !== undefined) writeFileSync(join(cwd, name), text);
    const { code, stdout, stderr } = await cli(['--settings', name, 'findings']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

it.concurrent('a storage that does not answer exits 3 with one line, without its key', async () => {
  const { code, stdout, stderr } = await cli(['findings', '--json']);
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr).not.toContain('c2VjcmV0a2V5');
});
