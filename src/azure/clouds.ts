import type { CloudName } from '../domain/estate/key-identifier.ts';

/** Addresses of an Azure cloud. */
export interface Cloud {
  /** Resource Manager, no trailing slash. */
  armEndpoint: string;
  /** Scope of Resource Manager's tokens. */
  armScope: string;
  /** Where tokens come from. */
  authorityHost: string;
}

/** The clouds (source: `az cloud list`). */
export const clouds: Record<CloudName, Cloud> = {
  AzureCloud: {
    armEndpoint: 'https://management.azure.com',
    armScope: 'https://management.azure.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
  },
  AzureUSGovernment: {
    armEndpoint: 'https://management.usgovcloudapi.net',
    armScope: 'https://management.usgovcloudapi.net/.default',
    authorityHost: 'https://login.microsoftonline.us',
  },
  AzureChinaCloud: {
    armEndpoint: 'https://management.chinacloudapi.cn',
    armScope: 'https://management.chinacloudapi.cn/.default',
    authorityHost: 'https://login.chinacloudapi.cn',
  },
};
