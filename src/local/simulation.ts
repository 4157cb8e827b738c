import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { parseRegistryId } from '../domain/resource-id.ts';
import { startAzurite } from './azurite.ts';
import { defaultTenant } from './tenant/default-tenant.ts';
import { generatedTenant } from './tenant/generated-tenant.ts';
import { type SimulatedTenant, startSimulatedTenant } from './tenant/simulated-tenant.ts';
import { loadTenantFolder } from './tenant/tenant-folder.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

/** What stands in for Azure, running, and its settings taken into this process. */
export interface Simulation {
  tenant: SimulatedTenant;
  receiver: WebhookReceiver;
  /** Files of the tenant's folder that hold nothing to serve. */
  skipped: { file: string; reason: string }[];
  /** How many registries the tenant holds. */
  registries: number;
  /** File from which the command line reaches this simulation. */
  settingsFile: string;
  close(): Promise<void>;
}

const folder = '.local';

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
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const [azurite, tenant, receiver] = await Promise.all([
    startAzurite(),
    startSimulatedTenant({ contents, latency }),
    startWebhookReceiver({ secret }),
  ]);
  setDefaultCACertificates([...getCACertificates(), tenant.certificate]);
  const runFolder = resolve(folder, String(process.pid));
  await mkdir(runFolder, { recursive: true });
  const certificateFile = join(runFolder, 'tenant.pem');
  const settingsFile = join(runFolder, 'settings.json');
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
  await writeFile(settingsFile, JSON.stringify({ IsEncrypted: false, Values: settings }, null, 2));
  return {
    tenant,
    receiver,
    skipped,
    registries,
    settingsFile,
    async close() {
      await Promise.all([azurite.close(), tenant.close(), receiver.close()]);
      await rm(runFolder, { recursive: true, force: true });
    },
  };
}

function loadContents(folder: string | undefined, size: SimulatedSize | undefined) {
  if (size) return { contents: generatedTenant(size), skipped: [], registries: size.registries };
  const { contents, skipped } = folder
    ? loadTenantFolder(folder)
    : { contents: defaultTenant(), skipped: [] };
  const registries = contents.resources.filter(({ id }) => parseRegistryId(id)).length;
  return { contents, skipped, registries };
}
