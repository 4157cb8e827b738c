import type { ArmAnswer, ArmRequest } from '../../../simulator/tenant/arm-answer.ts';
import type { ArmBody } from '../../../simulator/tenant/tenant-contents.ts';
import { otherSubscription, registryOf, vaultOf } from '../bodies.ts';
import { type MonitorOptions, startMonitor } from '../fixture.ts';
import { listCalls } from '../views.ts';

const host = 'kv-images.vault.azure.net';

/** Four registries in two subscriptions, two of them on one vault. */
export const plain = registryOf('plain');
export const encrypted = registryOf('encrypted', { host });
export const elsewhere = registryOf('elsewhere', { subscription: otherSubscription, host });
export const lonely = registryOf('lonely', { subscription: otherSubscription });
export const vault = vaultOf('kv-images');
export const registries = [plain, encrypted, elsewhere, lonely];

/** A query, as `listCalls` shortens it. */
export const query = 'Microsoft.ResourceGraph/resources';

/** A monitor that sweeps by Resource Graph, and what each of its sweeps calls. */
export async function openGraph(options: MonitorOptions = {}) {
  const monitor = await startMonitor({ resources: [...registries, vault], inventory: 'graph', ...options });
  const { tenant } = monitor;

  async function sweepCalls() {
    const since = tenant.calls.length;
    const record = await monitor.sweep();
    return { record, calls: listCalls(tenant, since) };
  }
  return { ...monitor, sweepCalls };
}

/** A monitor that has swept once by Resource Graph. */
export async function openSwept(options: MonitorOptions = {}) {
  const opened = await openGraph(options);
  await opened.sweep();
  return opened;
}

/** The text of a query to Resource Graph; undefined for any other request. */
export function toQuery({ path, body }: ArmRequest): string | undefined {
  if (!path.endsWith(query)) return undefined;
  return (body as { query: string }).query;
}

/** A registry as a row of Resource Graph. */
export function toRow({ id, location, sku, properties = {} }: ArmBody): Record<string, unknown> {
  const { creationDate, provisioningState, encryption } = properties;
  return { id, tenantId: 'tenant', location, sku, creationDate, provisioningState, encryption };
}

/** A page of rows that is the last one. */
export function toPage(data: unknown[]): ArmAnswer {
  const body = { totalRecords: data.length, count: data.length, resultTruncated: 'false', data };
  return { kind: 'json', status: 200, body };
}
