import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, vi } from 'vitest';
import { startAzurite } from '../../simulator/demo/azurite.ts';
import { startWebhookReceiver } from '../../simulator/demo/webhook-receiver.ts';
import { startFunctionsHost } from '../../simulator/host/functions-host.ts';
import type { HostLogLine } from '../../simulator/host/host-log.ts';
import { startSimulatedTenant } from '../../simulator/tenant/simulated-tenant.ts';
import type { ArmBody, TenantContents } from '../../simulator/tenant/tenant-contents.ts';
import { endpoints } from '../../src/functions/http/endpoints.ts';
import { catalog } from '../../src/rules/catalog.ts';
import { smallTenant } from './small-tenant.ts';

const secret = `whsec_${Buffer.from('a secret of sixteen bytes or more').toString('base64')}`;

/** Tests of lists, events and commands need no more than the rules on encryption and key holder, and count findings. */
const allButKeyHolderRules = catalog
  .map(({ id }) => id)
  .filter((id) => !['acr_nocmk', 'kv_nosoftdelete', 'kv_nopurgeprotection', 'kv_missing'].includes(id))
  .join(',');

/**
 * Starts Azurite, the small tenant, a webhook receiver, and the project's functions in a local host, for all tests of
 * a file; once a file, since managed identities keep to the endpoint that their process saw first.
 */
export async function startMonitorHost({
  contents = smallTenant(),
  rulesDisabled = allButKeyHolderRules,
  changes = {},
}: {
  contents?: TenantContents;
  rulesDisabled?: string;
  changes?: Record<string, string>;
} = {}) {
  const [azurite, tenant, receiver] = await Promise.all([
    startAzurite(),
    startSimulatedTenant({ contents }),
    startWebhookReceiver({ secret }),
  ]);
  setDefaultCACertificates([...getCACertificates(), tenant.certificate]);
  const settings = {
    ...blankSettings(),
    FindingsStorage: azurite.connectionString,
    ARM_ENDPOINT: tenant.armEndpoint,
    IDENTITY_ENDPOINT: tenant.identityEndpoint,
    IDENTITY_HEADER: tenant.identityHeader,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    RULES_DISABLED: rulesDisabled,
    ALERT_WEBHOOK_URL: receiver.url,
    ALERT_WEBHOOK_SECRET: secret,
    ...changes,
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const lines: HostLogLine[] = [];
  const host = await startFunctionsHost({
    load: () => import('../../src/functions/index.ts'),
    timers: false,
    log: (line) => lines.push(line),
  });
  afterAll(async () => {
    await host.close();
    await Promise.all([azurite.close(), tenant.close(), receiver.close()]);
    vi.unstubAllEnvs();
  });
  const ask = (path: string, headers = { 'x-functions-key': host.functionKey }) =>
    fetch(host.url + path, { headers });
  return { host, lines, tenant, receiver, settings, ask, getJson, getAll, send };

  /** The body of a good answer. */
  async function getJson<T = Record<string, unknown>>(path: string): Promise<T> {
    const response = await ask(path);
    if (response.status !== 200) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
    const body = await response.json();
    toEndpoint(path).answers.parse(body);
    return body as T;
  }

  /** All items of a list, page by page, with the lengths of the pages. */
  async function getAll<T>(path: string): Promise<{ items: T[]; pages: number[] }> {
    const items: T[] = [];
    const pages: number[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const from = cursor && `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; nextCursor?: string } = await getJson(path + from);
      items.push(...page.items);
      pages.push(page.items.length);
      cursor = page.nextCursor;
    }
    return { items, pages };
  }

  /** Delivers events as Event Grid does, and answers with the status. */
  async function send(events: unknown): Promise<number> {
    const response = await fetch(`${host.url}/runtime/webhooks/eventgrid?functionName=resourceChanged`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
      body: JSON.stringify(events),
    });
    return response.status;
  }
}

/** The endpoint that answers a path. */
function toEndpoint(path: string) {
  const [route = ''] = path.replace(/^\/api\//, '').split('?');
  const found = endpoints.find(
    (one) => one.method === 'GET' && new RegExp(`^${one.route.replace(/\{\w+\}/g, '[^/]+')}$`).test(route),
  );
  if (!found) throw new Error(`No endpoint answers ${path}`);
  return found;
}

/** What a resource event looks like in Event Grid schema. */
export function toEvent({ id }: Pick<ArmBody, 'id'>, what: 'Write' | 'Delete' | 'Action' = 'Write') {
  return {
    id: crypto.randomUUID(),
    topic: id.split('/').slice(0, 3).join('/'),
    subject: id,
    eventType: `Microsoft.Resources.Resource${what}Success`,
    eventTime: '2026-08-01T06:00:00.1234567Z',
    dataVersion: '2',
    metadataVersion: '1',
    data: {
      resourceUri: id,
      operationName: `Microsoft.Example/resources/${what.toLowerCase()}`,
      status: 'Succeeded',
    },
  };
}

/** Every setting of the sample, blank, so that none of the machine's own is taken. */
export function blankSettings(): Record<string, string> {
  const { Values } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8'));
  return Object.fromEntries(Object.keys(Values).map((name) => [name, '']));
}
