/** An Azure cloud, by the name that the Azure CLI has for it. */
export type CloudName = 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';

/** Addresses and names of an Azure cloud. */
export interface Cloud {
  /** Resource Manager, no trailing slash. */
  armEndpoint: string;
  /** Scope of Resource Manager's tokens. */
  armScope: string;
  /** Where tokens come from. */
  authorityHost: string;
  /** The Azure portal, no trailing slash. */
  portal: string;
  /** DNS suffixes of vaults, Managed HSMs and storage accounts. */
  vault: string;
  managedHsm: string;
  storage: string;
  /** What Terraform's providers call it; empty for the one they take it to be. */
  terraform: string;
}

/** The clouds (sources: `az cloud list`, Azure's cloud endpoints, the documentation of Terraform's providers). */
export const clouds: Record<CloudName, Cloud> = {
  AzureCloud: {
    armEndpoint: 'https://management.azure.com',
    armScope: 'https://management.azure.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
    portal: 'https://portal.azure.com',
    vault: 'vault.azure.net',
    managedHsm: 'managedhsm.azure.net',
    storage: 'core.windows.net',
    terraform: '',
  },
  AzureUSGovernment: {
    armEndpoint: 'https://management.usgovcloudapi.net',
    armScope: 'https://management.usgovcloudapi.net/.default',
    authorityHost: 'https://login.microsoftonline.us',
    portal: 'https://portal.azure.us',
    vault: 'vault.usgovcloudapi.net',
    managedHsm: 'managedhsm.usgovcloudapi.net',
    storage: 'core.usgovcloudapi.net',
    terraform: 'usgovernment',
  },
  AzureChinaCloud: {
    armEndpoint: 'https://management.chinacloudapi.cn',
    armScope: 'https://management.chinacloudapi.cn/.default',
    authorityHost: 'https://login.chinacloudapi.cn',
    portal: 'https://portal.azure.cn',
    vault: 'vault.azure.cn',
    managedHsm: 'managedhsm.azure.cn',
    storage: 'core.chinacloudapi.cn',
    terraform: 'china',
  },
};
