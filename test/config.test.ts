import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, readSweepSchedule, toInterval } from '../src/config.ts';

const storage = { FindingsStorage: 'UseDevelopmentStorage=true' };
const secret = `whsec_${Buffer.from('0123456789abcdef').toString('base64')}`;
const minute = 60_000;

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const namesOf = (env: Record<string, string>) => faultsOf(env).map((fault) => fault.split(' ')[0]);

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

  it('have defaults for all but the storage', () => {
    const config = readConfig(storage);
    expect(config).toMatchObject(defaults);
    for (const absent of ['armEndpoint', 'clientId', 'alerts']) expect(config).not.toHaveProperty(absent);
  });

  it('that are blank take their defaults, as in a settings file with every name', () => {
    const blank = Object.fromEntries(settingNames().map((name) => [name, ' ']));
    expect(readConfig({ ...blank, ...storage })).toEqual(readConfig(storage));
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
      alerts: { url: 'https://hooks.example/x', secret, minSeverity: 'critical' },
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
    expect(readConfig(env).alerts).toEqual({ url, secret, minSeverity: 'medium' });
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
    );
  });
});

describe('the storage', () => {
  const other =
    'DefaultEndpointsProtocol=https;AccountName=host;AccountKey=YWJj;EndpointSuffix=core.windows.net';
  const uri = 'https://images.table.core.windows.net';
  it.each([
    [
      'FindingsStorage',
      { ...storage, AzureWebJobsStorage: other, FindingsStorage__tableServiceUri: uri },
      storage.FindingsStorage,
    ],
    ['AzureWebJobsStorage, in place of a missing one', { AzureWebJobsStorage: other }, other],
    [
      'AzureWebJobsStorage, in place of a blank one',
      { FindingsStorage: ' ', AzureWebJobsStorage: other },
      other,
    ],
  ])('is that of %s', (_, env, connectionString) => {
    expect(readConfig(env).store).toEqual({ connectionString });
  });

  it.each([
    ['an address', { FindingsStorage__tableServiceUri: uri }, { tableServiceUri: uri }],
    [
      'an address and the identity for it',
      {
        FindingsStorage__tableServiceUri: uri,
        FindingsStorage__clientId: 'c',
        FindingsStorage__credential: 'managedidentity',
      },
      { tableServiceUri: uri, clientId: 'c' },
    ],
    [
      'an address, before the connection string of the host',
      { FindingsStorage__tableServiceUri: uri, AzureWebJobsStorage: other },
      { tableServiceUri: uri },
    ],
    [
      'the address of the host’s tables',
      { AzureWebJobsStorage__tableServiceUri: uri, AzureWebJobsStorage__clientId: 'c' },
      { tableServiceUri: uri, clientId: 'c' },
    ],
    ['the host’s account', { AzureWebJobsStorage__accountName: 'images' }, { tableServiceUri: uri }],
    [
      'the host’s account beside a blank address',
      { AzureWebJobsStorage__accountName: 'images', AzureWebJobsStorage__tableServiceUri: '' },
      { tableServiceUri: uri },
    ],
    [
      'a shared access signature',
      { FindingsStorage: `TableEndpoint=${uri}/;SharedAccessSignature=sv=2024&sig=x%3D` },
      { connectionString: `TableEndpoint=${uri}/;SharedAccessSignature=sv=2024&sig=x%3D` },
    ],
    [
      'an emulator on loopback',
      {
        FindingsStorage:
          'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YWJj;TableEndpoint=http://127.0.0.1:10002/a',
      },
      { connectionString: expect.stringContaining('127.0.0.1') },
    ],
  ])('can be reached by %s', (_, env, store) => {
    expect(readConfig(env as Record<string, string>).store).toEqual(store);
  });

  it.each(['http://images.example', 'images.example'])('can not be at %s', (address) => {
    const env = { FindingsStorage__tableServiceUri: address, AzureWebJobsStorage: other };
    expect(namesOf(env)).toEqual(['FindingsStorage__tableServiceUri']);
  });
});

describe('the schedule of sweeps', () => {
  it('is known without the other settings, for registering the timer', () => {
    expect(readSweepSchedule({})).toBe('0 0 * * * *');
    expect(readSweepSchedule({ SWEEP_SCHEDULE: ' 0 30 4 * * * ' })).toBe('0 30 4 * * *');
  });

  it.each([
    ['0 0 * * * *', 60],
    ['0 */5 * * * *', 5],
    ['0 30 4 * * *', 24 * 60],
    ['0 0 6,18 * * *', 12 * 60],
    ['0 0 6,8 * * *', 22 * 60],
  ])('%s has at most %i minutes between two runs', (schedule, minutes) => {
    expect(toInterval(schedule)).toBe(minutes * minute);
  });
});

/** Names of all settings that are looked at, with a storage that is missing and with one that has an address. */
function settingNames(): string[] {
  const names = new Set<string>();
  for (const storage of ['', 'FindingsStorage', 'AzureWebJobsStorage']) {
    const env = new Proxy<NodeJS.ProcessEnv>(
      {},
      {
        get(_, name) {
          if (typeof name !== 'string' || !/^[A-Z]/.test(name)) return undefined;
          names.add(name);
          return name === `${storage}__tableServiceUri` ? 'https://images.example' : undefined;
        },
      },
    );
    expect(namesOf(env as Record<string, string>)).toEqual(storage ? [] : ['FindingsStorage']);
  }
  return [...names];
}

describe('every setting', () => {
  /** Read by the functions host, not by this project. */
  const ofOthers = ['FUNCTIONS_WORKER_RUNTIME'];
  /** The functions host's own connection in its other forms: taken where they are, but nobody has to know them. */
  const isOfHost = (name: string) => name.startsWith('AzureWebJobsStorage__');
  const read = settingNames();
  const sample = Object.keys(JSON.parse(readFileSync('local.settings.sample.json', 'utf8')).Values);
  const documented = [...readFileSync('README.md', 'utf8').matchAll(/^\| *(`.*?`) *\|/gm)]
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
    .filter((name) => /^([A-Z][A-Z_]+|(FindingsStorage|AzureWebJobsStorage)\w*)$/.test(name));

  it('that is read is in the sample of the settings file, and the other way round', () => {
    expect(sample.filter((name) => !ofOthers.includes(name)).sort()).toEqual(
      read.filter((name) => !isOfHost(name)).sort(),
    );
  });

  it('that is read is in the table of the README', () => {
    const missing = read.filter((name) => !isOfHost(name) && !documented.includes(name));
    // It stands for FindingsStorage, and is named beside it.
    expect(missing.filter((name) => name !== 'AzureWebJobsStorage')).toEqual([]);
  });

  it('in the table of the README is read', () => {
    expect(documented.length).toBeGreaterThan(10);
    expect(documented.filter((name) => ![...read, ...ofOthers].includes(name))).toEqual([]);
  });

  it('can be set as the sample has it', () => {
    const values = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')).Values;
    expect(readConfig(values)).toEqual(readConfig(storage));
  });
});
