import { describe, expect, it, onTestFinished } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import type { ArmInterceptor } from '../../../simulator/tenant/arm-listener.ts';
import { createApiVersions } from '../../../src/azure/arm/api-versions.ts';
import { startArm, startTestRun, toId, vault } from './arm-fixture.ts';

const address = (path: string, version = '2026-02-01') =>
  `https://management.azure.com/subscriptions/s/resourceGroups/g/providers/${path}?api-version=${version}`;
const vaultPath = 'Microsoft.KeyVault/vaults/kv';

const ofProvider =
  "No registered resource provider found for location 'usgovvirginia' and API version '2026-02-01' for type 'vaults'. The supported api-versions are '2019-09-01, 2023-07-01, 2022-07-01, 2024-01-01-preview'. The supported locations are 'usgovvirginia'.";
const ofType =
  "The resource type 'vaults' could not be found in the namespace 'Microsoft.KeyVault' for api version '2026-02-01'. The supported api-versions are '2019-09-01,2023-07-01'.";
const ofManager =
  "The api-version '2026-02-01' is invalid. The supported versions are '2023-07-01,2022-01-01,2014-04'.";
const refusal = (code: string, message: string, status = 400) => ({
  status,
  bodyAsText: JSON.stringify({ error: { code, message } }),
});

describe('an api version that a cloud does not know', () => {
  it.each([
    ['of a provider', refusal('NoRegisteredProviderFound', ofProvider)],
    ['of a type', refusal('InvalidResourceType', ofType, 404)],
    ['of Resource Manager', refusal('InvalidApiVersionParameter', ofManager)],
  ])('%s gives way to the newest that it knows', (_, answer) => {
    const versions = createApiVersions();
    expect(versions.learn(address(vaultPath), answer)?.url).toBe(address(vaultPath, '2023-07-01'));
    expect(versions.toKnown(address('Microsoft.KeyVault/vaults/other'))).toBe(
      address('Microsoft.KeyVault/vaults/other', '2023-07-01'),
    );
    expect(versions.toKnown(address('Microsoft.Insights/diagnosticSettings'))).toBe(
      address('Microsoft.Insights/diagnosticSettings'),
    );
  });

  it('gives way to a preview where there is nothing else', () => {
    const message = "The supported api-versions are '2024-01-01-preview,2023-01-01-preview'.";
    const answer = refusal('NoRegisteredProviderFound', message);
    expect(createApiVersions().learn(address(vaultPath), answer)?.url).toContain('2024-01-01-preview');
  });

  it.each([
    ['another code', refusal('BadRequest', ofProvider)],
    ['no version', refusal('NoRegisteredProviderFound', 'Nothing is supported')],
    [
      'the refused one alone',
      refusal('NoRegisteredProviderFound', "supported api-versions are '2026-02-01'"),
    ],
    ['no body', { status: 400, bodyAsText: null }],
    ['another status', refusal('NoRegisteredProviderFound', ofProvider, 500)],
  ])('stays where the answer names %s', (_, answer) => {
    expect(createApiVersions().learn(address(vaultPath), answer)).toBeUndefined();
  });

  it('is asked with once, and told of once', async () => {
    const asked: string[] = [];
    const intercept: ArmInterceptor = ({ path, query }) => {
      if (!path.includes('/vaults')) return undefined;
      asked.push(query['api-version'] ?? '');
      return query['api-version'] === '2026-02-01'
        ? errorAnswer(400, 'NoRegisteredProviderFound', ofProvider)
        : undefined;
    };
    const { reader, tenant } = await startArm({ intercept });
    onTestFinished(() => tenant.close());
    const lines: string[] = [];
    const run = { ...startTestRun(), log: { info: () => {}, warn: (line: string) => lines.push(line) } };
    expect(await reader.readKeyHolder(toId(vault.id), run)).toMatchObject({ state: 'found' });
    expect(await reader.readKeyHolder(toId(vault.id), run)).toMatchObject({ state: 'found' });
    expect(asked).toEqual(['2026-02-01', '2023-07-01', '2023-07-01']);
    expect(run.calls).toBe(3);
    expect(lines).toEqual([
      'microsoft.keyvault/vaults is asked for with api version 2023-07-01: Azure does not know 2026-02-01 here',
    ]);
  });
});
