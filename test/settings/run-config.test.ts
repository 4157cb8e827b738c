import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/settings/config-error.ts';
import { readRunConfig } from '../../src/settings/run-config.ts';
import { namesOf, storage } from '../settings.ts';

const sink = {
  ALERT_WEBHOOK_URL: 'https://hooks.example.com/a',
  ALERT_WEBHOOK_SECRET: `whsec_${Buffer.from('0123456789abcdef').toString('base64')}`,
};

describe('settings that a monitor runs on', () => {
  it('are as they are written while all can be used', () => {
    const { config, sinkFaults } = readRunConfig({ ...storage, ...sink });
    expect([config.sinks.map(({ url }) => url), sinkFaults]).toEqual([[sink.ALERT_WEBHOOK_URL], []]);
  });

  it.each([
    { ALERT_WEBHOOK_URL: '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/url)' },
    { ALERT_WEBHOOK_SECRET: 'short' },
    { ALERT_WEBHOOK_SECRET: ' ' },
    { ALERT_MIN_SEVERITY: 'loud' },
  ])('lose a sink whose own setting is faulty, and nothing else: %o', (faulty) => {
    const { config, sinkFaults } = readRunConfig({ ...storage, ...sink, ...faulty, REASSESS_DAYS: '3' });
    expect([config.sinks, config.reassessDays]).toEqual([[], 3]);
    expect(sinkFaults).toEqual([expect.stringContaining(Object.keys(faulty)[0] ?? '')]);
  });

  it('name a sink’s faults beside those that nothing can run on', () => {
    const read = () => readRunConfig({ ...storage, ALERT_MIN_SEVERITY: 'loud', INVENTORY: 'paper' });
    expect(read).toThrow(ConfigError);
    for (const name of ['ALERT_MIN_SEVERITY', 'INVENTORY']) expect(read).toThrow(name);
  });
});

it.each([
  ['28', []],
  ['28.5', ['SWEEP_TIMEOUT_MINUTES']],
  ['60', ['SWEEP_TIMEOUT_MINUTES']],
])(
  'a sweep of %s minutes ends two minutes before the host would kill it, or is refused',
  (minutes, faulty) => {
    expect(namesOf({ ...storage, SWEEP_TIMEOUT_MINUTES: minutes })).toEqual(faulty);
  },
);
