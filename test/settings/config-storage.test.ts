import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { namesOf, storage } from '../settings.ts';

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
      'the host’s account in the cloud of the US government',
      { AzureWebJobsStorage__accountName: 'images', AZURE_CLOUD: 'AzureUSGovernment' },
      { tableServiceUri: 'https://images.table.core.usgovcloudapi.net' },
    ],
    [
      'the host’s account in China',
      { AzureWebJobsStorage__accountName: 'images', AZURE_CLOUD: 'azurechinacloud' },
      { tableServiceUri: 'https://images.table.core.chinacloudapi.cn' },
    ],
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
