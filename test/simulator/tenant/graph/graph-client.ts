import tls from 'node:tls';
import { type QueryRequestOptions, ResourceGraphClient } from '@azure/arm-resourcegraph';
import { onTestFinished } from 'vitest';
import {
  type SimulatedTenantOptions,
  startSimulatedTenant,
} from '../../../../simulator/tenant/simulated-tenant.ts';
import { subscriptionBody } from '../../../../simulator/tenant/subscription-body.ts';
import type { TenantContents } from '../../../../simulator/tenant/tenant-contents.ts';

export const tenantId = '11111111-aaaa-4bbb-8ccc-222222222222';
export const first = '/subscriptions/33333333-aaaa-4bbb-8ccc-444444444444';
export const second = '/subscriptions/55555555-aaaa-4bbb-8ccc-666666666666';
export const firstId = first.slice('/subscriptions/'.length);
export const secondId = second.slice('/subscriptions/'.length);

/** What a query is sent with. */
export interface AskOptions extends QueryRequestOptions {
  subscriptions?: string[];
  managementGroups?: string[];
}

type Row = Record<string, unknown>;

/** Starts a tenant of two subscriptions for one test, with the SDK's client for its Resource Graph. */
export async function startGraph(
  contents: Partial<TenantContents>,
  options: Partial<SimulatedTenantOptions> = {},
) {
  const tenant = await startSimulatedTenant({
    contents: {
      tenantId,
      subscriptions: [
        subscriptionBody(first, 'First', tenantId),
        subscriptionBody(second, 'Second', tenantId),
      ],
      resources: [],
      ...contents,
    },
    ...options,
  });
  onTestFinished(() => tenant.close());
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.certificate]);
  const credential = { getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const client = new ResourceGraphClient(credential, {
    endpoint: tenant.armEndpoint,
    retryOptions: { maxRetries: 0 },
  });

  function ask(query: string, { subscriptions, managementGroups, ...rest }: AskOptions = {}) {
    return client.resources({
      query,
      ...(subscriptions ? { subscriptions } : {}),
      ...(managementGroups ? { managementGroups } : {}),
      options: rest,
    });
  }

  async function rows(query: string, asked?: AskOptions): Promise<Row[]> {
    return (await ask(query, asked)).data;
  }

  /** Values of the first column, sorted. */
  async function values(query: string, asked?: AskOptions): Promise<unknown[]> {
    return (await rows(query, asked)).map((row) => Object.values(row)[0]).sort();
  }

  /** Follows the tokens to the end. */
  async function pages(query: string, asked: AskOptions = {}): Promise<Row[][]> {
    const found: Row[][] = [];
    let skipToken: string | undefined;
    do {
      const page = await ask(query, { ...asked, ...(skipToken ? { skipToken } : {}) });
      found.push(page.data);
      skipToken = page.skipToken;
    } while (skipToken);
    return found;
  }

  return { tenant, ask, rows, values, pages };
}

/** The codes that a refused query answers, the status before them. */
export async function faultOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => undefined,
    (reason) => reason,
  );
  const details = error?.details?.error?.details ?? [];
  return [error?.statusCode, error?.code, ...details.map((one: { code: string }) => one.code)].join(' ');
}
