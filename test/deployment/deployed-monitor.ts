import tls from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { onTestFinished } from 'vitest';
import { functionAppBody } from '../../simulator/tenant/function-app-body.ts';
import { identityBody, managedIdentity, toGuid } from '../../simulator/tenant/managed-identity.ts';
import { type SimulatedTenant, startSimulatedTenant } from '../../simulator/tenant/simulated-tenant.ts';
import { subscriptionBody } from '../../simulator/tenant/subscription-body.ts';
import { type Arm, connectArm, readOnly } from '../../src/deployment/arm.ts';
import { type ConnectOptions, connect } from '../../src/deployment/connect.ts';
import { disconnect } from '../../src/deployment/disconnect.ts';
import { nameMonitor } from '../../src/deployment/monitor-place.ts';
import { createProgress, type Progress } from '../../src/deployment/progress.ts';
import type { Scope } from '../../src/deployment/scope.ts';

const tenantId = '11111111-aaaa-4bbb-8ccc-222222222222';

/** Ids of five subscriptions; the first is where the monitor lives. */
export const ids = [1, 2, 3, 4, 5].map((digit) => toGuid(`subscription ${digit}`)) as [
  string,
  string,
  string,
  string,
  string,
];

const anyToken: TokenCredential = {
  getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** What a run said and did. */
interface Outcome extends Pick<Progress, 'failures' | 'left'> {
  lines: string[];
  /** Changes that Resource Manager was asked for, as METHOD and path. */
  changes: string[];
}

/** A tenant of five subscriptions, below the management group contoso, with a monitor that main.bicep has deployed. */
export interface Deployment {
  tenant: SimulatedTenant;
  arm: Arm;
  connect(scope: Scope, options?: Partial<ConnectOptions> & { environment?: string }): Promise<Outcome>;
  disconnect(scope: Scope, options?: { environment?: string; isDryRun?: boolean }): Promise<Outcome>;
  /** Deploys what main.bicep does, once more or under another name. */
  deploy(environment: string, life?: string): void;
  /** Ids of all that is in the subscriptions and the group beyond the resource groups of monitors. */
  leftovers(): Promise<string[]>;
}

/** Starts such a tenant for one test. */
export async function startForTest(): Promise<Deployment> {
  const deployment = await startDeployment();
  onTestFinished(() => deployment.tenant.close());
  return deployment;
}

/** Starts such a tenant, to be closed by whoever wants it. */
export async function startDeployment(): Promise<Deployment> {
  const tenant = await startSimulatedTenant({
    contents: {
      tenantId,
      subscriptions: ids.map((id, index) =>
        subscriptionBody(`/subscriptions/${id}`, `Subscription ${index + 1}`, tenantId),
      ),
      resources: [],
      managementGroups: [{ name: 'contoso', displayName: 'Contoso', subscriptions: [...ids] }],
    },
  });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.certificate]);
  const arm = connectArm({
    endpoint: tenant.armEndpoint,
    scope: 'any',
    credential: anyToken,
    wait: async () => {},
  });
  deploy('monitor');

  function deploy(environment: string, life = ''): void {
    const subscription = `/subscriptions/${ids[0]}`;
    const group = `rg-${environment}`;
    const hash = toHash(environment);
    tenant.put({ id: `${subscription}/resourceGroups/${group}`, name: group, location: 'westeurope' });
    const app = functionAppBody({ subscription, group, name: `func-${hash}` });
    tenant.put(app);
    tenant.put({ id: `${app.id}/functions/resourceChanged`, name: 'resourceChanged', properties: {} });
    tenant.put({
      id: `${subscription}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/stdl${hash}`,
    });
    for (const name of [`id-${hash}`, `id-events-${hash}`]) {
      const identity = managedIdentity(subscription, group, name);
      const body = identityBody(identity, 'westeurope', tenantId);
      tenant.put({
        ...body,
        properties: { ...body.properties, principalId: toGuid(`${environment} ${name} ${life}`) },
      });
    }
  }

  async function watch(work: (progress: Progress) => Promise<void>): Promise<Outcome> {
    const lines: string[] = [];
    const progress = createProgress((line) => lines.push(line));
    const before = tenant.calls.length;
    await work(progress);
    const changes = tenant.calls
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/refresh'))
      .map(({ method, path }) => `${method} ${path}`);
    return { lines, changes, failures: progress.failures, left: progress.left };
  }

  return {
    tenant,
    arm,
    deploy,
    connect: (scope, { environment = 'monitor', ...options } = {}) =>
      watch((progress) =>
        connect({
          arm,
          monitor: nameMonitor(ids[0], `rg-${environment}`),
          scope,
          guardrails: 'Off',
          guardrailExemptions: [],
          additionalActions: [],
          wait: async () => {},
          progress,
          ...options,
        }),
      ),
    disconnect: (scope, { environment = 'monitor', isDryRun = false } = {}) =>
      watch((progress) =>
        disconnect(
          {
            arm: isDryRun ? readOnly(arm) : arm,
            monitor: nameMonitor(ids[0], `rg-${environment}`),
            progress,
          },
          { scope },
        ),
      ),
    async leftovers() {
      const scopes = [
        ...ids.map((id) => `/subscriptions/${id}`),
        '/providers/Microsoft.Management/managementGroups/contoso',
      ];
      const lists = scopes.flatMap((scope) => [
        `${scope}/providers/Microsoft.Authorization/roleAssignments`,
        `${scope}/providers/Microsoft.Authorization/policyAssignments`,
        `${scope}/providers/Microsoft.Authorization/policyDefinitions`,
        ...(scope.startsWith('/sub') ? [`${scope}/providers/Microsoft.EventGrid/systemTopics`] : []),
      ]);
      const found = await Promise.all(lists.map((list) => arm.list(list)));
      const roles = await arm.list(
        `/subscriptions/${ids[0]}/providers/Microsoft.Authorization/roleDefinitions`,
        "type eq 'CustomRole'",
      );
      return [...new Set([...found.flat(), ...roles].map(({ id }) => String(id)))];
    },
  };
}

/** Thirteen letters, as Azure makes them of names. */
export function toHash(environment: string): string {
  return toGuid(environment).replaceAll('-', '').slice(0, 13);
}
