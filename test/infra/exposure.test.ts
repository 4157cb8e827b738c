import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compiledTemplates } from '../../scripts/infra/templates.ts';
import { ofType, readSnapshot, scenarios, scopeOf, shorten } from './snapshots.ts';

const accounts = scenarios.flatMap((scenario) => ofType(scenario, 'Microsoft.Storage/storageAccounts'));
const apps = scenarios.flatMap((scenario) => ofType(scenario, 'Microsoft.Web/sites'));
const vaults = scenarios.flatMap((scenario) => ofType(scenario, 'Microsoft.KeyVault/vaults'));

describe('storage accounts', () => {
  it('take no keys, no anonymous readers, and TLS 1.2 or later over HTTPS', () => {
    expect(accounts.length).toBeGreaterThan(0);
    for (const { properties } of accounts) {
      expect(properties).toMatchObject({
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      });
    }
  });

  it('are private where that was asked, but for the dead letters, which a role alone lets in to', () => {
    const [own, deadLetters] = ofType('private-network', 'Microsoft.Storage/storageAccounts');
    expect(own?.properties).toMatchObject({
      publicNetworkAccess: 'Disabled',
      networkAcls: { defaultAction: 'Deny', bypass: 'None' },
    });
    expect(deadLetters?.name).toMatch(/^stdl/);
    // An identity that we assign to a topic can't write through a firewall.
    expect(deadLetters?.properties.networkAcls.defaultAction).toBe('Allow');
    expect(deadLetters?.properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
    });
  });

  it('have the tables that the code keeps', () => {
    const code = readFileSync('src/store/tables.ts', 'utf8');
    const names = [...code.matchAll(/connectClient\(connection, '(\w+)'\)/g)].map(([, name]) => name);
    const tables = ofType('one-subscription', 'Microsoft.Storage/storageAccounts/tableServices/tables');
    expect(tables.map(({ name }) => name.split('/').at(-1)).sort()).toEqual(names.sort());
  });
});

describe('the vault', () => {
  it('is protected from purging, takes roles only, and is private where that was asked', () => {
    for (const { properties } of vaults) {
      expect(properties).toMatchObject({
        enablePurgeProtection: true,
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
      });
    }
    const [vault] = ofType('private-network', 'Microsoft.KeyVault/vaults');
    expect(vault?.properties).toMatchObject({
      publicNetworkAccess: 'Disabled',
      networkAcls: { defaultAction: 'Deny' },
    });
  });
});

describe('the function app', () => {
  it('takes HTTPS by TLS 1.2 and no passwords', () => {
    for (const { properties } of apps) {
      expect(properties.httpsOnly).toBe(true);
      expect(properties.siteConfig).toMatchObject({
        minTlsVersion: '1.2',
        scmMinTlsVersion: '1.2',
      });
    }
    for (const scenario of scenarios) {
      const passwords = ofType(scenario, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
      expect(passwords.map(({ properties }) => properties.allow)).toEqual(passwords.map(() => false));
    }
  });

  /** Source: https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations. */
  const refused = [
    ...['alwaysOn', 'ftpsState', 'functionAppScaleLimit', 'functionsRuntimeScaleMonitoringEnabled'],
    ...['javaVersion', 'linuxFxVersion', 'netFrameworkVersion', 'powerShellVersion'],
    ...['preWarmedInstanceCount', 'use32BitWorkerProcess', 'windowsFxVersion'],
  ];

  it('has no property that Flex Consumption refuses, nor a policy of the FTP that it lacks', () => {
    expect(apps.length).toBeGreaterThan(0);
    for (const { properties } of apps) {
      const given = [...Object.keys(properties), ...Object.keys(properties.siteConfig)];
      expect(given.filter((name) => refused.includes(name))).toEqual([]);
    }
    for (const scenario of scenarios) {
      const passwords = ofType(scenario, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
      expect(passwords.filter(({ name }) => !name.endsWith('/scm'))).toEqual([]);
    }
  });

  it('is called from outside by Event Grid and the allowed addresses only, where it is private', () => {
    const [app] = ofType('private-network', 'Microsoft.Web/sites');
    const { siteConfig, virtualNetworkSubnetId } = app?.properties ?? {};
    expect(
      siteConfig.ipSecurityRestrictions.map(({ ipAddress }: { ipAddress: string }) => ipAddress),
    ).toEqual(['AzureEventGrid', '198.51.100.0/28']);
    expect(siteConfig).toMatchObject({
      ipSecurityRestrictionsDefaultAction: 'Deny',
      scmIpSecurityRestrictionsDefaultAction: 'Deny',
    });
    expect(virtualNetworkSubnetId).toMatch(/\/subnets\/app$/);
  });

  it('is called by Event Grid and the allowed addresses only, where those are named without a private network', () => {
    const [app] = ofType('allowed-addresses', 'Microsoft.Web/sites');
    const { siteConfig, virtualNetworkSubnetId } = app?.properties ?? {};
    expect(
      siteConfig.ipSecurityRestrictions.map(({ ipAddress }: { ipAddress: string }) => ipAddress),
    ).toEqual(['AzureEventGrid', '198.51.100.0/28', '203.0.113.7/32']);
    expect(siteConfig.ipSecurityRestrictionsDefaultAction).toBe('Deny');
    expect(virtualNetworkSubnetId ?? null).toBeNull();
    const [open] = ofType('one-subscription', 'Microsoft.Web/sites');
    expect(open?.properties.siteConfig.ipSecurityRestrictionsDefaultAction).toBe('Allow');
  });

  it('runs Node.js 24 on Flex Consumption, with an instance always ready for events', () => {
    const [app] = ofType('one-subscription', 'Microsoft.Web/sites');
    const { deployment, runtime, scaleAndConcurrency } = app?.properties.functionAppConfig ?? {};
    expect(runtime).toEqual({ name: 'node', version: '24' });
    expect(scaleAndConcurrency.alwaysReady).toEqual([{ name: 'function:resourceChanged', instanceCount: 1 }]);
    expect(deployment.storage.authentication.type).toBe('UserAssignedIdentity');
    const [plan] = ofType('one-subscription', 'Microsoft.Web/serverfarms');
    expect(plan?.sku).toEqual({ name: 'FC1', tier: 'FlexConsumption' });
  });
});

describe('private networking', () => {
  it('reaches everything that the monitor keeps by an endpoint with a name in a zone', () => {
    const endpoints = ofType('private-network', 'Microsoft.Network/privateEndpoints');
    const groups = endpoints.map(
      ({ properties }) => properties.privateLinkServiceConnections[0].properties.groupIds[0],
    );
    expect(groups.sort()).toEqual(['blob', 'queue', 'sites', 'table', 'vault']);
    expect(ofType('private-network', 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toHaveLength(
      5,
    );
    expect(ofType('private-network', 'Microsoft.Network/privateDnsZones')).toHaveLength(5);
    expect(ofType('private-network', 'Microsoft.Network/privateDnsZones/virtualNetworkLinks')).toHaveLength(
      5,
    );
  });

  it('reaches storage and vault before the app asks them, and the app after it is there', () => {
    const { resources } = JSON.parse(readFileSync('infra/azuredeploy.json', 'utf8'));
    expect(resources.app.dependsOn).toContain('privateEndpoints');
    expect(resources.privateEndpoints.dependsOn).not.toContain('app');
    expect(resources.appEndpoint.dependsOn).toContain('app');
  });

  it('is not deployed where it was not asked', () => {
    const networks = readSnapshot('one-subscription').filter(({ type }) =>
      type.startsWith('Microsoft.Network/'),
    );
    expect(networks).toEqual([]);
  });
});

describe('telemetry', () => {
  it('is written by identity only', () => {
    for (const scenario of scenarios) {
      for (const { properties } of ofType(scenario, 'Microsoft.Insights/components')) {
        expect(properties.DisableLocalAuth).toBe(true);
      }
      for (const { properties } of ofType(scenario, 'Microsoft.OperationalInsights/workspaces')) {
        expect(properties.features.disableLocalAuth).toBe(true);
      }
    }
  });

  /** Types that have logs; a component's own setting would store its telemetry a second time. */
  const logging = [
    'Microsoft.EventGrid/systemTopics',
    'Microsoft.KeyVault/vaults',
    'Microsoft.Network/publicIPAddresses',
    'Microsoft.Network/virtualNetworks',
    'Microsoft.OperationalInsights/workspaces',
    'Microsoft.Storage/storageAccounts/blobServices',
    'Microsoft.Storage/storageAccounts/queueServices',
    'Microsoft.Storage/storageAccounts/tableServices',
    'Microsoft.Web/sites',
  ];

  it.each(scenarios)('of each resource of %s that has logs goes to the workspace', (scenario) => {
    const resources = readSnapshot(scenario).filter(({ type }) => logging.includes(type));
    const logged = ofType(scenario, 'Microsoft.Insights/diagnosticSettings').map(scopeOf);
    expect(resources.map(({ id }) => id).filter((id) => !logged.includes(id))).toEqual([]);
  });
});

describe('tags', () => {
  it('are on each resource that takes them', () => {
    const tagged = readSnapshot('three-subscriptions').filter(({ location }) => location);
    expect(tagged.length).toBeGreaterThan(10);
    for (const { tags } of tagged)
      expect(tags).toMatchObject({ 'azd-env-name': 'acr-cmk-monitor', costCenter: '4711' });
  });

  it('of whoever deploys do not replace the one by which azd finds what it deployed', () => {
    const tagged = readSnapshot('allowed-addresses').filter(({ location }) => location);
    for (const { tags } of tagged) expect(tags['azd-env-name']).toBe('ACR-CMK-monitor');
  });
});

describe('secrets', () => {
  it('show in no snapshot', () => {
    const texts = scenarios.map((scenario) =>
      readFileSync(`infra/snapshots/${scenario}.snapshot.json`, 'utf8'),
    );
    expect(texts.filter((text) => /whsec_|hooks\.contoso/.test(text))).toEqual([]);
  });

  it('are in no output', () => {
    for (const { compiled } of compiledTemplates) {
      const { outputs = {} } = JSON.parse(readFileSync(compiled, 'utf8'));
      const told = Object.keys(outputs).filter((name) => /secret|key(?!_vault)|password|webhook/i.test(name));
      expect(told).toEqual([]);
      expect(JSON.stringify(outputs)).not.toMatch(/listKeys|alertWebhook/);
    }
  });

  it('reach the app by reference to the vault', () => {
    const [settings] = ofType('three-subscriptions', 'Microsoft.Web/sites/config');
    expect(settings?.properties.ALERT_WEBHOOK_SECRET).toMatch(/@Microsoft\.KeyVault\(SecretUri=/);
    expect(settings?.properties.ALERT_WEBHOOK_URL).toMatch(/@Microsoft\.KeyVault\(SecretUri=/);
    expect(shorten(JSON.stringify(settings))).not.toContain('AccountKey');
    // Whether or not the vault's address ends in a slash.
    expect(settings?.properties.ALERT_WEBHOOK_URL).toMatch(
      /uri\([^,]*vaultUri, 'secrets\/alert-webhook-url'\)/,
    );
  });
});
