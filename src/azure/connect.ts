import { createResourceGraph } from '@azure/arm-resourcegraph/api';
import type { CloudName } from '../domain/estate/cloud.ts';
import type { AzureReader, Inventory, SetupReader } from '../monitor/ports/azure-ports.ts';
import { createArmReader } from './arm/arm-reader.ts';
import { createArmSetupReader } from './arm/arm-setup-reader.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { createGraphInventory } from './graph/graph-inventory.ts';
import { createGraphPages } from './graph/graph-pages.ts';

/** How Azure is reached. */
interface AzureOptions extends ConnectionOptions {
  cloud: CloudName;
}

/** Connects the readers of Resource Manager and Resource Graph, which share limits and deadlines. */
export function connectAzure({ cloud, ...reached }: AzureOptions): {
  azure: AzureReader;
  graph: Inventory;
  setup: SetupReader;
} {
  const connection = createConnection(reached);
  const { credential, options, caller } = connection;
  const ask = createGraphPages(createResourceGraph(credential, '', options), caller);
  return {
    azure: createArmReader(connection),
    graph: createGraphInventory(ask, cloud),
    setup: createArmSetupReader(connection),
  };
}
