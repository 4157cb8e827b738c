import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FoundKeyHolder } from '../../../src/domain/estate/key-holder.ts';
import type { Reading } from '../../../src/domain/estate/reading.ts';
import type { Registry } from '../../../src/domain/estate/registry.ts';
import type { AzureReader } from '../../../src/monitor/ports/azure-ports.ts';
import type { Commit } from '../../../src/monitor/ports/ports.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';
import { registryOf, subscriptionId, vaultOf } from '../bodies.ts';
import { assembleMonitor, toId } from '../fixture.ts';

const names = ['aaa', 'bbb'];
const ids = names.map((name) => registryOf(name).id);
const vaultId = vaultOf('kv-images').id;

/** Lets somebody else go first. */
type Pause = (what: string) => Promise<void>;

/** Counts up: each reading and each commit has a number of its own, in the order in which they happened. */
function createCounter() {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}

/** An Azure of registries on one vault, whose answers are made at some time between question and arrival. */
function createFakeAzure(pause: Pause, count: () => number): AzureReader {
  async function answer<T>(what: Reading['what'], id: string, toValue: (reading: Reading) => T) {
    await pause(`ask for ${id}`);
    const reading = { what, id, at: String(count()), from: 'GET', status: 200 };
    await pause(`answer about ${id}`);
    return { state: 'found', value: toValue(reading), reading } as const;
  }
  const toRegistry = (id: string, reading: Reading): Registry => ({
    id: toId(id),
    location: 'westeurope',
    encryption: { status: 'enabled', keyIdentifier: 'https://kv-images.vault.azure.net/keys/a' },
    reading,
  });
  const toVault = (reading: Reading): FoundKeyHolder => ({
    state: 'found',
    kind: 'vault',
    id: vaultId,
    name: 'kv-images',
    location: 'westeurope',
    // Something new each time, so that no sweep takes anything for confirmed.
    purgeProtection: Number(reading.at) % 2 === 0,
    network: { hasRules: false, addressRules: 0, subnetRules: 0, privateEndpoints: 0 },
    regions: [],
    readings: [reading],
  });
  const fake: Partial<AzureReader> = {
    listSubscriptions: async () => [{ item: { subscriptionId, displayName: 'Production' } }],
    readRegistry: (id) => answer('registry', id.id, (reading) => toRegistry(id.id, reading)),
    readKeyHolder: (id) => answer('vault', id.id, toVault),
    isNameFree: (_, name) => answer('nameAvailability', name, () => false),
    listKeyHolders: () => answer('vault', 'list', () => [{ id: toId(vaultId) }]),
    listRegistries: () =>
      answer('registry', 'list', async function* (reading: Reading) {
        for (const id of ids) yield { item: toRegistry(id, reading) };
      } as unknown as (reading: Reading) => AsyncIterable<{ item: Registry }>),
  };
  return fake as AzureReader;
}

/** A store that notes each commit with its number and the number of the oldest reading it rests on. */
function createWatchedStore(pause: Pause, count: () => number) {
  const store = createMemoryStore();
  const { readRegistry, commit } = store.findings;
  const commits: { registryId: string; at: number; oldestReading: number }[] = [];
  store.findings.readRegistry = async (id) => {
    await pause('read row');
    return readRegistry(id);
  };
  store.findings.commit = async (made) => {
    await pause('commit');
    const result = await commit(made);
    const { registryId } = made.registry;
    if (result.state === 'committed')
      commits.push({ registryId, at: count(), oldestReading: toOldest(made) });
    return result;
  };
  return { store, commits };
}

function toOldest({ registry }: Commit): number {
  const readings = Object.values(registry.evidence).flatMap(({ read }) => read);
  return Math.min(...readings.map(({ at }) => Number(at)));
}

it('commits nothing that rests on a reading older than the commit before it', async () => {
  const anyAction = fc.constantFrom<'assess' | 'react' | 'followUp' | 'sweep'>(
    'assess',
    'react',
    'followUp',
    'sweep',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(anyAction, { minLength: 2, maxLength: 5 }),
      async (s, actions) => {
        const count = createCounter();
        const pause: Pause = (what) => s.schedule(Promise.resolve(), what).then(() => {});
        const { store, commits } = createWatchedStore(pause, count);
        const monitor = assembleMonitor(createFakeAzure(pause, count), { store });
        const [first = ''] = ids;
        const act = {
          assess: () => monitor.assess(first),
          react: () => monitor.react(vaultId),
          sweep: () => monitor.sweep(),
          followUp: async () => {
            const due = monitor.clock.now().toISOString();
            await store.due.put(ids.map((registryId) => ({ registryId, reason: 'test', due, tries: 0 })));
            return monitor.followUp();
          },
        };
        await s.waitFor(monitor.sweep());
        await s.waitFor(Promise.all(actions.map((action) => act[action]())));
        for (const ofRegistry of Map.groupBy(commits, ({ registryId }) => registryId).values()) {
          for (const [index, { oldestReading }] of ofRegistry.entries()) {
            expect(oldestReading).toBeGreaterThan(ofRegistry[index - 1]?.at ?? 0);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});
