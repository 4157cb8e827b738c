import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { ConfigError } from '../../src/settings/config-error.ts';
import { faultsOf, namesOf, storage } from '../settings.ts';

const secret = `whsec_${Buffer.from('0123456789abcdef').toString('base64')}`;
const minute = 60_000;

describe('settings', () => {
  const defaults = {
    store: { connectionString: 'UseDevelopmentStorage=true' },
    cloud: 'AzureCloud',
    subscriptionIds: [],
    sweepSchedule: '0 0 * * * *',
    reassessDays: 7,
    retrySchedule: [
      5_000,
      5 * minute,
      30 * minute,
      ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 60 * minute),
    ],
  };

  it('tell of a Key Vault reference that the app could not resolve', () => {
    const reference = '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/alert-webhook-url)';
    const faults = faultsOf({ ...storage, ALERT_WEBHOOK_URL: reference, ALERT_WEBHOOK_SECRET: reference });
    expect(faults).toHaveLength(2);
    for (const fault of faults)
      expect(fault).toContain('is a Key Vault reference that the app could not resolve yet');
  });

  it('have defaults for all but the storage', () => {
    const config = readConfig(storage);
    expect(config).toMatchObject(defaults);
    for (const absent of ['armEndpoint', 'clientId']) expect(config).not.toHaveProperty(absent);
    expect(config.sinks).toEqual([]);
  });

  it('are all taken', () => {
    const ids = ['6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b', '7A2e3d4c-5b6a-4f79-8c8b-1d2e3f4a5b6c'];
    const config = readConfig({
      ...storage,
      AZURE_CLOUD: 'azureusgovernment',
      ARM_ENDPOINT: 'https://arm.example:8443//',
      AZURE_CLIENT_ID: ' 0c1d2e3f-4a5b-4c6d-8e7f-0a1b2c3d4e5f ',
      AZURE_TOKEN_CREDENTIALS: 'managedidentitycredential',
      SUBSCRIPTION_IDS: ` ${ids[0]}, ${ids[1]};`,
      SWEEP_SCHEDULE: '0 */5 * * * *',
      REASSESS_DAYS: '0.5',
      ALERT_WEBHOOK_URL: 'https://hooks.example/x',
      ALERT_WEBHOOK_SECRET: secret,
      ALERT_MIN_SEVERITY: 'Critical',
      ALERT_RETRY_SCHEDULE: '1s, 1.5m,2h,1d',
    });
    expect(config).toMatchObject({
      cloud: 'AzureUSGovernment',
      armEndpoint: 'https://arm.example:8443',
      clientId: '0c1d2e3f-4a5b-4c6d-8e7f-0a1b2c3d4e5f',
      subscriptionIds: ids,
      sweepSchedule: '0 */5 * * * *',
      reassessDays: 0.5,
      sinks: [{ name: 'webhook', url: 'https://hooks.example/x', secret, minSeverity: 'critical' }],
      retrySchedule: [1_000, 90_000, 120 * minute, 24 * 60 * minute],
    });
  });

  it.each([
    ['AzureCloud', 'AzureCloud'],
    ['AZUREPUBLICCLOUD', 'AzureCloud'],
    ['AzureChinaCloud', 'AzureChinaCloud'],
  ])('name the cloud in any casing: %s', (name, cloud) => {
    expect(readConfig({ ...storage, AZURE_CLOUD: name }).cloud).toBe(cloud);
  });
});

describe('the settings of repeats and sign-in', () => {
  it('allow thirty waits of thirty days', () => {
    const env = { ...storage, ALERT_RETRY_SCHEDULE: Array(30).fill('30d').join(',') };
    expect(readConfig(env).retrySchedule).toEqual(Array(30).fill(30 * 24 * 60 * minute));
  });

  it.each(['dev', 'PROD', 'AzureCliCredential', 'workloadidentitycredential'])(
    'know the credential %s in any casing',
    (name) => {
      expect(namesOf({ ...storage, AZURE_TOKEN_CREDENTIALS: name })).toEqual([]);
    },
  );
});

describe('faulty settings', () => {
  it('are all named at once', () => {
    const faulty = {
      AZURE_CLOUD: 'AzureGermanCloud',
      ARM_ENDPOINT: 'http://arm.example',
      SUBSCRIPTION_IDS: 'production',
      SWEEP_SCHEDULE: 'hourly',
      REASSESS_DAYS: 'weekly',
      ALERT_WEBHOOK_URL: 'http://hooks.example',
      ALERT_MIN_SEVERITY: 'urgent',
      ALERT_RETRY_SCHEDULE: 'soon',
    };
    const names = [...Object.keys(faulty), 'FindingsStorage', 'ALERT_WEBHOOK_SECRET'];
    expect(namesOf(faulty).sort()).toEqual(names.sort());
    expect(() => readConfig(faulty)).toThrow(ConfigError);
    for (const name of names) expect(() => readConfig(faulty)).toThrow(`\n  - ${name} `);
  });

  it.each([
    ['AZURE_CLOUD', 'constructor'],
    ['ARM_ENDPOINT', 'arm.example'],
    ['SUBSCRIPTION_IDS', '6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b,x'],
    ['SWEEP_SCHEDULE', '0 * * * *'],
    ['SWEEP_SCHEDULE', '0 0 0 30 2 *'],
    ['SWEEP_SCHEDULE', '0 0 0 0 0 0 0'],
    ['SWEEP_SCHEDULE', '61 * * * * *'],
    ['REASSESS_DAYS', '0'],
    ['REASSESS_DAYS', '-1'],
    ['REASSESS_DAYS', '366'],
    ['REASSESS_DAYS', '7 days'],
    ['ALERT_MIN_SEVERITY', 'none'],
    ['ALERT_RETRY_SCHEDULE', '5s,,5m'],
    ['ALERT_RETRY_SCHEDULE', '5'],
    ['ALERT_RETRY_SCHEDULE', '-5s'],
    ['ALERT_RETRY_SCHEDULE', '5s,31d'],
    ['ALERT_RETRY_SCHEDULE', '720.1h'],
    ['ALERT_RETRY_SCHEDULE', Array(31).fill('1s').join()],
    ['AZURE_CLIENT_ID', 'monitor'],
    ['AZURE_CLIENT_ID', '0c1d2e3f-4a5b-4c6d-8e7f-0a1b2c3d4e5'],
    ['AZURE_TOKEN_CREDENTIALS', 'developer'],
    ['AZURE_TOKEN_CREDENTIALS', 'dev,prod'],
    ['ALERT_WEBHOOK_SECRET', 'whsec_!'],
    ['ALERT_WEBHOOK_SECRET', 'whsec_c2hvcnQ='],
    ['FindingsStorage', 'garbage'],
    ['FindingsStorage', 'AccountName=images;AccountKey=YWJj'],
    ['FindingsStorage', 'DefaultEndpointsProtocol=https;AccountName=images'],
    ['FindingsStorage', 'DefaultEndpointsProtocol=http;AccountName=images;AccountKey=YWJj'],
    ['FindingsStorage', 'TableEndpoint=http://images.example/;SharedAccessSignature=sv=1'],
  ])('%s can not be "%s"', (name, value) => {
    expect(namesOf({ ...storage, [name]: value })).toEqual([name]);
  });

  it('include a webhook without a secret, be it blank', () => {
    const url = { ALERT_WEBHOOK_URL: 'https://hooks.example/x' };
    expect(namesOf({ ...storage, ...url })).toEqual(['ALERT_WEBHOOK_SECRET']);
    expect(namesOf({ ...storage, ...url, ALERT_WEBHOOK_SECRET: '  ' })).toEqual(['ALERT_WEBHOOK_SECRET']);
  });

  it.each([
    'https://hooks.example/x',
    'http://localhost:7000',
    'http://127.0.0.1:7000/x',
    'http://[::1]:7000',
  ])('do not include the webhook %s', (url) => {
    const env = { ...storage, ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret };
    expect(readConfig(env).sinks).toEqual([{ name: 'webhook', url, secret, minSeverity: 'medium' }]);
  });

  it.each([
    'http://hooks.example',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'ftp://localhost',
    'hooks',
  ])('include the webhook %s, which is not safe', (url) => {
    const env = { ...storage, ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret };
    expect(namesOf(env)).toEqual(['ALERT_WEBHOOK_URL']);
  });

  it.each([
    ['ARM_ENDPOINT', { ARM_ENDPOINT: 'https://kim:hunter2@arm.example' }],
    ['ALERT_WEBHOOK_URL', { ALERT_WEBHOOK_URL: 'https://kim:hunter2@hooks.example/x' }],
    ['ALERT_WEBHOOK_URL', { ALERT_WEBHOOK_URL: 'http://hunter2@127.0.0.1:7000' }],
    [
      'FindingsStorage__tableServiceUri',
      { FindingsStorage__tableServiceUri: 'https://kim:hunter2@images.example' },
    ],
    [
      'FindingsStorage',
      { FindingsStorage: 'TableEndpoint=https://kim:hunter2@images.example/;SharedAccessSignature=sv=1' },
    ],
  ])('include an address with a user and a password, which is not shown: %s', (name, env) => {
    const { FindingsStorage: _, ...alerts } = { ...storage, ALERT_WEBHOOK_SECRET: secret };
    const faults = faultsOf({ ...(name.startsWith('Findings') ? {} : storage), ...alerts, ...env });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([name]);
    expect(faults.join()).not.toMatch(/hunter2|kim/);
  });

  it('never show a secret', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/).map((text) => `zq${text}`);
    const templates = fc.constantFrom(
      (word: string) => ({ ALERT_WEBHOOK_URL: `http://hooks.example/${word}?sig=${word}` }),
      (word: string) => ({ ALERT_WEBHOOK_URL: word }),
      (word: string) => ({ ALERT_WEBHOOK_URL: 'https://hooks.example', ALERT_WEBHOOK_SECRET: `${word}!` }),
      (word: string) => ({ FindingsStorage: `AccountName=images;AccountKey=${word}` }),
      (word: string) => ({ FindingsStorage: '', AzureWebJobsStorage: word }),
    );
    fc.assert(
      fc.property(word, templates, (word, toEnv) => {
        const faults = faultsOf({ ...storage, ...toEnv(word) });
        expect(faults).not.toEqual([]);
        expect(faults.join()).not.toContain(word);
      }),
      { numRuns: 40 },
    );
  });
});
