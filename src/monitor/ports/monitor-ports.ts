import type { Identity } from '../../domain/estate/identity.ts';
import type { AzureReader, Inventory, SetupReader } from './azure-ports.ts';
import type { AlertSink, Store } from './ports.ts';

/** What the monitor stands on. */
export interface Ports {
  azure: AzureReader;
  setup: SetupReader;
  /** Where whole tenants are read from; without it, the lists of ARM. */
  inventory: Inventory | undefined;
  /** Who the monitor is in Azure. */
  whoAmI(): Promise<Identity>;
  store: Store;
  /** Where alerts go. */
  sinks: readonly AlertSink[];
  now(): Date;
}

/** What is watched: all subscriptions in sight when neither is named. */
export interface Scope {
  subscriptionIds: readonly string[];
  managementGroup?: string | undefined;
}
