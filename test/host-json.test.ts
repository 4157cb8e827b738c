import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadFunctions } from '../simulator/host/functions-core.ts';
import { describeFunction } from '../simulator/host/registered-function.ts';

const hostJson = JSON.parse(readFileSync('host.json', 'utf8'));

it('names the bundle that triggers other than HTTP and timer come from', async () => {
  const { functions } = await loadFunctions(
    () => import('../src/functions/index.ts'),
    () => {},
  );
  const others = functions
    .map((one) => describeFunction(one).info)
    .filter(({ trigger }) => trigger !== 'http' && trigger !== 'timer');
  expect(others.map(({ name }) => name)).toEqual(['resourceChanged']);
  // Source: Azure/azure-functions-extension-bundles; without it the Event Grid trigger is not registered.
  expect(hostJson.extensionBundle).toEqual({
    id: 'Microsoft.Azure.Functions.ExtensionBundle',
    version: '[4.0.0, 5.0.0)',
  });
});

it('lets no request, exception or trace be sampled away, which alert rules count', () => {
  const { excludedTypes } = hostJson.logging.applicationInsights.samplingSettings;
  expect(excludedTypes.split(';')).toEqual(['Request', 'Exception', 'Trace']);
});
