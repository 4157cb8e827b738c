import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { ofType, scenarios } from './snapshots.ts';

/** Read by the functions host, not by this project. */
const ofHost = /^(APPLICATIONINSIGHTS_|AzureWebJobsStorage__)/;

/** Stand for what the app is given in their place: it has an identity, so no connection string. */
const ofDevelopers = ['FindingsStorage', 'AzureWebJobsStorage'];

/** Names of all settings that the code looks at when it is given the address of a table service. */
function namesInCode(): string[] {
  const names = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get(_, name) {
        if (typeof name !== 'string' || !/^[A-Z]/.test(name)) return undefined;
        names.add(name);
        return name === 'FindingsStorage__tableServiceUri' ? 'https://images.example' : undefined;
      },
    },
  );
  readConfig(env);
  return [...names];
}

const apps = scenarios.flatMap((scenario) => ofType(scenario, 'Microsoft.Web/sites/config'));
const [three] = ofType('three-subscriptions', 'Microsoft.Web/sites/config');
const [group] = ofType('management-group', 'Microsoft.Web/sites/config');
const settings: Record<string, string> = three?.properties ?? {};

describe('the settings of the app', () => {
  it('are those that the code knows, and the other way round', () => {
    const given = Object.keys(settings).filter((name) => !ofHost.test(name));
    expect(given.sort()).toEqual(
      namesInCode()
        .filter((name) => !ofDevelopers.includes(name))
        .sort(),
    );
  });

  it('are the same ones everywhere', () => {
    for (const app of apps) expect(Object.keys(app.properties)).toEqual(Object.keys(settings));
  });

  it('name the scope and what the operator chose', () => {
    expect(settings.SUBSCRIPTION_IDS?.split(',')).toHaveLength(3);
    expect(settings.MANAGEMENT_GROUP_ID).toBe('');
    expect(settings.SWEEP_SCHEDULE).toBe('0 */30 * * * *');
    expect(group?.properties).toMatchObject({ SUBSCRIPTION_IDS: '', MANAGEMENT_GROUP_ID: 'contoso' });
  });

  it('hold no key: storage and telemetry are reached by identity', () => {
    expect(settings.AzureWebJobsStorage__credential).toBe('managedidentity');
    expect(settings.AZURE_TOKEN_CREDENTIALS).toBe('ManagedIdentityCredential');
    expect(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING).toContain('Authorization=AAD');
  });

  it('that can be tuned can be set in an azd environment by the same name', () => {
    const parameters = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8')).parameters;
    const tuned = Object.entries(parameters.tuning.value).map(([name, value]) => [name, value]);
    expect(tuned).toEqual(tuned.map(([name]) => [name, `\${${name}=}`]));
    const declared = readFileSync('infra/settings.bicep', 'utf8').matchAll(/^ {2}([A-Z_]+): string\?/gm);
    expect(tuned.map(([name]) => name).sort()).toEqual([...declared].map(([, name]) => name).sort());
  });
});
