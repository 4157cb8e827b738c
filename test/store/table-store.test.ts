import { startAzurite } from '../../simulator/demo/azurite.ts';
import { createTableStore } from '../../src/store/table-store.ts';
import { describeStore } from './contract.ts';

describeStore('store on Table Storage', async () => {
  const azurite = await startAzurite();
  return { store: createTableStore(azurite), close: azurite.close };
});
