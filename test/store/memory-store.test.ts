import { createMemoryStore } from '../fakes/memory-store.ts';
import { describeStore } from './contract.ts';

describeStore('store in memory', async () => ({ store: createMemoryStore(), close: async () => {} }));
