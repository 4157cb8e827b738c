import type { ArmBody } from './tenant-contents.ts';

/** What a built-in policy's body is built from. */
export interface PolicyOptions {
  guid: string;
  displayName: string;
  category?: string;
}

/** Those built-in policies that guard keys of registries (source: the repository Azure/azure-policy). */
const guardrails: PolicyOptions[] = [
  {
    guid: '5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580',
    displayName: 'Container registries should be encrypted with a customer-managed key',
    category: 'Container Registry',
  },
  {
    guid: '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53',
    displayName: 'Key vaults should have deletion protection enabled',
    category: 'Key Vault',
  },
  {
    guid: 'c39ba22d-4428-4149-b981-70acb31fc383',
    displayName: 'Azure Key Vault Managed HSM should have purge protection enabled',
    category: 'Key Vault',
  },
];

/** The policies that a tenant has unless its contents say otherwise. */
export function builtInPolicies(): ArmBody[] {
  return guardrails.map(policyBody);
}

/** Builds a built-in policy's body in the shape of api version 2023-04-01, without its rule. */
export function policyBody({ guid, displayName, category = 'General' }: PolicyOptions): ArmBody {
  return {
    properties: {
      displayName,
      policyType: 'BuiltIn',
      mode: 'Indexed',
      description: displayName,
      metadata: { version: '1.0.0', category },
      parameters: {},
    },
    id: `/providers/Microsoft.Authorization/policyDefinitions/${guid}`,
    type: 'Microsoft.Authorization/policyDefinitions',
    name: guid,
  };
}
