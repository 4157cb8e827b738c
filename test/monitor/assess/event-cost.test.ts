import { expect, it } from 'vitest';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import type { ArmBody } from '../../../simulator/tenant/tenant-contents.ts';
import { hiddenId, hsmOf, otherSubscription, registryOf, subscription, vaultOf } from '../bodies.ts';
import { assembleMonitor, type Monitor, type MonitorOptions, startMonitor } from '../fixture.ts';
import { listCalls, readView } from '../views.ts';

const vaultHost = 'kv-images.vault.azure.net';
const elsewhere = vaultOf('kv-images', { subscription: otherSubscription });
const hidden = vaultOf('kv-images', { subscription: `/subscriptions/${hiddenId}` });
const ownHost = 'keys.contoso.example';
const withOwnHost = vaultOf('kv-images', {
  subscription: otherSubscription,
  properties: { vaultUri: `https://${ownHost}/` },
});

const name = 'Microsoft.KeyVault/checkNameAvailability';
const hsmName = 'Microsoft.KeyVault/checkMhsmNameAvailability';
const live = 'vaults/kv-images';
const deleted = 'deletedVaults/kv-images';
const notVisible = 'unknown key_holder_not_visible';
const unreadable = 'unknown key_holder_unreadable';

/** One state of a key holder: how it comes about, and what a later event on the registry costs beside reading that. */
interface Case extends Pick<MonitorOptions, 'unreadable'> {
  host?: string;
  holder?: ArmBody;
  /** What happens after the first event. */
  after?(monitor: Monitor): void;
  calls: string[];
  missing: string;
}

const cases: Record<string, Case> = {
  'seen where it is': { holder: elsewhere, calls: [live], missing: 'pass key_holder_found' },
  'never seen, name free': { calls: [name], missing: 'fail key_holder_absent' },
  'never seen, name of a Managed HSM free': {
    host: 'kv-images.managedhsm.azure.net',
    holder: elsewhere,
    calls: [hsmName],
    missing: 'fail key_holder_absent',
  },
  'seen, then purged': {
    holder: elsewhere,
    after: ({ tenant }) => tenant.remove(elsewhere.id, { purge: true }),
    calls: [live, deleted, name],
    missing: 'fail key_holder_absent',
  },
  'seen, then soft-deleted': {
    holder: elsewhere,
    after: ({ tenant }) => tenant.remove(elsewhere.id),
    calls: [live, deleted],
    missing: 'fail key_holder_soft_deleted',
  },
  'Managed HSM, seen, then soft-deleted': {
    host: 'kv-images.managedhsm.azure.net',
    holder: hsmOf('kv-images'),
    after: ({ tenant }) => tenant.remove(hsmOf('kv-images').id),
    calls: ['managedHSMs/kv-images', 'deletedManagedHSMs/kv-images'],
    missing: 'fail key_holder_soft_deleted',
  },
  hidden: { holder: hidden, calls: [name], missing: notVisible },
  'seen, then moved out of sight': {
    holder: elsewhere,
    after: ({ tenant }) => {
      tenant.remove(elsewhere.id, { purge: true });
      tenant.put(hidden);
    },
    calls: [live, deleted, name],
    missing: notVisible,
  },
  'in another cloud': { host: 'kv-images.vault.azure.cn', holder: elsewhere, calls: [], missing: notVisible },
  'of no vault host, nobody’s': { host: ownHost, holder: elsewhere, calls: [], missing: notVisible },
  'of no vault host, found': {
    host: ownHost,
    holder: withOwnHost,
    calls: [live],
    missing: 'pass key_holder_found',
  },
  'of no vault host, then purged': {
    host: ownHost,
    holder: withOwnHost,
    after: ({ tenant }) => tenant.remove(withOwnHost.id, { purge: true }),
    calls: [live, deleted],
    missing: notVisible,
  },
  'seen, then its subscription lost': {
    holder: elsewhere,
    after: ({ tenant }) =>
      tenant.intercept(({ path }) =>
        path.startsWith(otherSubscription) ? errorAnswer(404, 'SubscriptionNotFound', 'no') : undefined,
      ),
    calls: [live, name],
    missing: notVisible,
  },
  'seen, then forbidden': {
    holder: elsewhere,
    after: ({ tenant }) =>
      tenant.intercept(({ path }) =>
        path === elsewhere.id ? errorAnswer(403, 'AuthorizationFailed', 'no') : undefined,
      ),
    calls: [live, name],
    missing: unreadable,
  },
  'never seen, forbidden and so left out of lists': {
    holder: elsewhere,
    unreadable: [{ scope: elsewhere.id }],
    calls: [name],
    missing: notVisible,
  },
  'never seen, its subscription forbidden': {
    holder: elsewhere,
    unreadable: [{ scope: otherSubscription }],
    calls: [name],
    missing: notVisible,
  },
  'hidden, and its name may not be asked for': {
    holder: hidden,
    unreadable: [{ scope: subscription, action: `${name}/read` }],
    calls: [name],
    missing: unreadable,
  },
};

it.each(Object.entries(cases))(
  'an event costs at most four calls to ARM, in a new process too, for a key holder %s',
  async (_, { host = vaultHost, holder, after, calls, missing, ...options }) => {
    const registry = registryOf('images', { host });
    const monitor = await startMonitor({ resources: [registry, ...(holder ? [holder] : [])], ...options });
    const { azure, store, clock, tenant } = monitor;
    await monitor.react(registry.id);
    after?.(monitor);
    await monitor.react(registry.id);
    const since = tenant.calls.length;
    await assembleMonitor(azure, { store }, { clock }).react(registry.id);
    const made = listCalls(tenant, since);
    expect(made).toEqual(['registries/images', ...calls]);
    expect(made.length).toBeLessThanOrEqual(4);
    expect((await readView(store, registry.id)).verdicts.kv_missing).toBe(missing);
    expect(await store.due.count()).toBe(0);
  },
);
