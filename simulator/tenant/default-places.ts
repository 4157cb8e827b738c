import { managedIdentity, toGuid } from './managed-identity.ts';
import type { ManagementGroup } from './tenant-contents.ts';

/** The default tenant's id. */
export const tenantId = '3e9b1f40-7c25-4d8a-b1e6-90c4f7a2d853';

/** The default tenant's subscriptions, as the beginnings of ids. */
export const subscriptions = {
  platform: '/subscriptions/0c4a6b1e-52d7-4f0a-9a3e-8b61f2d7c905',
  retail: '/subscriptions/4f7d20a9-1be3-4c86-8d15-e92a60b3f714',
  data: '/subscriptions/7a91c3e5-604f-4b2d-b8c7-15d0e6f28a43',
  development: '/subscriptions/b36e8f12-d9a4-4705-a1f9-4c27d3905be8',
  fabrikam: '/subscriptions/d58f07c4-2e61-4a9b-87d0-f3b1c6a4e259',
  sandbox: '/subscriptions/f1e2b9d6-83c0-4d57-9e44-0a7c5f38d162',
  /** Not visible to the monitor */
  security: '/subscriptions/2b8d5e70-f6c1-4938-a0b2-6d94e17c3fa5',
} as const;

/** The identities by which registries of the default tenant reach their keys. */
export const identities = {
  platform: managedIdentity(subscriptions.platform, 'rg-images-weu', 'id-acr-platform'),
  retail: managedIdentity(subscriptions.retail, 'rg-retail-registries', 'id-acr-retail'),
  data: managedIdentity(subscriptions.data, 'rg-data-registries', 'id-acr-data'),
  development: managedIdentity(subscriptions.development, 'rg-dev', 'id-acr-dev'),
  /** Detached from the registry whose encryption names it */
  detached: managedIdentity(subscriptions.data, 'rg-data-registries', 'id-acr-data-old'),
} as const;

const idsOf = (...names: (keyof typeof subscriptions)[]) =>
  names.map((name) => subscriptions[name].slice('/subscriptions/'.length));

/** The management group of the default tenant's productive subscriptions. */
export const landingZones: ManagementGroup = {
  name: 'contoso-landing-zones',
  displayName: 'Landing zones',
  parent: tenantId,
  subscriptions: idsOf('platform', 'retail', 'data', 'security'),
};

/** The default tenant's management groups. */
export const managementGroups: ManagementGroup[] = [
  { name: tenantId, displayName: 'Tenant Root Group', subscriptions: idsOf('fabrikam') },
  landingZones,
  {
    name: 'contoso-playground',
    displayName: 'Playground',
    parent: tenantId,
    subscriptions: idsOf('development', 'sandbox'),
  },
];

/** Object ids of who else holds roles in the default tenant. */
export const principals = {
  /** Groups */
  keyOfficers: toGuid('group sec-key-officers'),
  platformTeam: toGuid('group sec-platform-team'),
  retailTeam: toGuid('group sec-retail-team'),
  dataIdentities: toGuid('group sec-data-registry-identities'),
  /** A person */
  keyCustodian: toGuid('user key.custodian@contoso.example'),
  /** A pipeline's service principal */
  retailPipeline: toGuid('service principal retail pipeline'),
} as const;
