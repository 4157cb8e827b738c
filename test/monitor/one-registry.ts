import { registryOf } from './bodies.ts';
import { type MonitorOptions, startMonitor } from './fixture.ts';
import { listCalls, readView } from './views.ts';

/** Host of the key of the only registry. */
export const host = 'kv-images.vault.azure.net';
export const registry = registryOf('images', { host });

/** Calls to ARM, as `listCalls` shortens them. */
export const read = 'registries/images';
export const asked = 'Microsoft.KeyVault/checkNameAvailability';

/** Verdicts on whether the key holder exists. */
export const found = 'pass key_holder_found';
export const notVisible = 'unknown key_holder_not_visible';

/** A monitor of one registry, and how to tell what an event on it costs and comes to. */
export async function openOne({ resources = [], ...options }: MonitorOptions = {}) {
  const monitor = await startMonitor({ resources: [registry, ...resources], ...options });
  const { tenant, store } = monitor;

  async function assess(id = registry.id) {
    const since = tenant.calls.length;
    await monitor.assess(id);
    const { verdicts } = await readView(store, id);
    return { calls: listCalls(tenant, since), missing: verdicts.kv_missing };
  }
  return { ...monitor, assess };
}
