import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { UsageError } from '../../src/cli/exit.ts';
import { makeRunFolder } from '../../src/cli/local-monitor.ts';
import { parseRegistryId } from '../../src/domain/estate/resource-id.ts';
import { defaultTenant } from '../tenant/default-tenant.ts';
import { generatedTenant } from '../tenant/generated-tenant.ts';
import { type SimulatedTenant, startSimulatedTenant } from '../tenant/simulated-tenant.ts';
import { loadTenantFolder } from '../tenant/tenant-folder.ts';
import { startAzurite } from './azurite.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

/** What stands in for Azure, running, and its settings taken into this process. */
export interface Simulation {
  tenant: SimulatedTenant;
  receiver: WebhookReceiver;
  /** Files of the tenant's folder that hold nothing to serve. */
  skipped: { file: string; reason: string }[];
  /** How many registries the tenant holds. */
  registries: number;
  /** Where this run keeps what the command line needs to reach it. */
  folder: string;
  /** What points a monitor at this simulation. */
  settings: Record<string, string>;
  close(): Promise<void>;
}

/** How large a made-up tenant is. */
export interface SimulatedSize {
  subscriptions: number;
  registries: number;
  seed: number;
}

/** What is simulated: bodies from a folder, a made-up tenant of a size, or the default tenant. */
interface SimulationOptions {
  tenantFolder: string | undefined;
  size: SimulatedSize | undefined;
  /** Milliseconds before each answer. */
  latency: number | undefined;
}

/** Starts Azurite, a simulated tenant and a webhook receiver, and points the settings of this process at them. */
export async function startSimulation({
  tenantFolder,
  size,
  latency = 0,
}: SimulationOptions): Promise<Simulation> {
  const { contents, skipped, registries } = loadContents(tenantFolder, size);
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const tenant = await started(startSimulatedTenant({ contents, latency }));
    const azurite = await started(startAzurite());
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    const receiver = await started(startWebhookReceiver({ secret }));
    setDefaultCACertificates([...getCACertificates(), tenant.certificate]);
    const folder = makeRunFolder();
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const certificateFile = join(folder, 'tenant.pem');
    const settings = {
      FindingsStorage: azurite.connectionString,
      ARM_ENDPOINT: tenant.armEndpoint,
      IDENTITY_ENDPOINT: tenant.identityEndpoint,
      IDENTITY_HEADER: tenant.identityHeader,
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
      NODE_EXTRA_CA_CERTS: certificateFile,
      ALERT_WEBHOOK_URL: receiver.url,
      ALERT_WEBHOOK_SECRET: secret,
    };
    Object.assign(process.env, settings);
    await writeFile(certificateFile, tenant.certificate);
    return { tenant, receiver, skipped, registries, folder, settings, close };
  } catch (error) {
    await close();
    throw error;
  }

  /** Whatever starts is closed at the end, also when the next one does not start. */
  async function started<T extends { close(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
    const service = await starting;
    closers.push(() => service.close());
    return service;
  }

  async function close(): Promise<void> {
    await Promise.all(closers.map((closeOne) => closeOne()));
  }
}

function loadContents(tenantFolder: string | undefined, size: SimulatedSize | undefined) {
  if (size) return { contents: generatedTenant(size), skipped: [], registries: size.registries };
  const { contents, skipped } = tenantFolder
    ? loadTenantFolder(tenantFolder)
    : { contents: defaultTenant(), skipped: [] };
  const registries = contents.resources.filter(({ id }) => parseRegistryId(id)).length;
  if (registries === 0)
    throw new UsageError(`${tenantFolder ?? 'The tenant'} holds no registry: there is nothing to show`);
  return { contents, skipped, registries };
}
