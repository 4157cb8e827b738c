import { managedHsmBody, vaultBody } from '../../simulator/tenant/key-holder-body.ts';
import { registryBody } from '../../simulator/tenant/registry-body.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';
import { parseResourceId, type ResourceId } from '../../src/domain/estate/resource-id.ts';

export const subscriptionId = '6f1d2c3b-4a59-4e68-9b7a-0c1d2e3f4a5b';
export const subscription = `/subscriptions/${subscriptionId}`;

export const place = { subscription, group: 'rg-images', location: 'westeurope', tenantId: 'tenant' };

export const registry = registryBody({ ...place, name: 'acrImages' });
export const vault = vaultBody({ ...place, name: 'kv-images' });
export const hsm = managedHsmBody({ ...place, name: 'hsm-images' });

/** The read that the bodies came with. */
export const reading: Reading = {
  what: 'registry',
  id: registry.id,
  at: '2026-08-01T06:00:00.000Z',
  from: 'GET',
  status: 200,
};

/** Reads an id, which has to be one of a watched resource. */
export const toId = (id: string) => parseResourceId(id) as ResourceId;

/** What Azure may answer in place of a body. */
export const noBodies: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['a list', []],
  ['a text', 'Service unavailable'],
  ['a page of HTML', '<html></html>'],
  ['a number', 0],
  ['an error', { error: { code: 'InternalServerError' } }],
];
