import {
  assignRole,
  createIdentity,
  createVault,
  createVaultKey,
  registryWords,
  toSteps,
  waitForRole,
} from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { toValues } from '../../remedy/values.ts';
import { assess, toCommand } from '../../remedy/verify.ts';

/** A registry gets a customer-managed key only while it is created: a new one, and the images copied. */
export function planCustomerKey(subject: Subject): Plan {
  const isPremium = subject.registry.sku?.toLowerCase() === 'premium';
  return {
    summary:
      'Create a new Premium registry with an identity and a key, copy the images, move its users over, and delete the old registry last.',
    warnings: [
      'A customer-managed key can’t be added to an existing registry, and can’t be taken away from one again.',
      ...(isPremium
        ? []
        : ['Only Premium registries take a customer-managed key: they cost more than this one.']),
      'The new registry has another name and login server: everything that pushes or pulls has to be moved over.',
      'Purge protection of the new vault can’t be undone.',
      'Tasks, webhooks, tokens, replications, network rules, private endpoints, locks and role assignments are not copied.',
    ],
    az: toSteps(
      ...createKeyedRegistry,
      ['Copy all images, tag by tag, then what has no tag.', copyImages],
      [
        'Compare, and move everything that pushes or pulls to the new registry. Who had access to the old one:',
        'az role assignment list --scope "$REGISTRY_ID" --include-inherited --output table',
      ],
      [
        'Last of all, once nothing uses it any more, delete the old registry. It can’t be brought back.',
        `# az acr delete ${registryWords.replace('\\\n  ', '')} --yes`,
      ],
    ),
    bicep: `${bicep.deployTo(subject, 'registry')}
// Bicep can't copy images: steps 6 to 8 of the az commands do.

${keyedRegistryInBicep}`,
    terraform: `# Terraform can't copy images: steps 6 to 8 of the az commands do.
${keyedRegistryInTerraform}`,
    ...verifyNewRegistry(subject),
  };
}

/** Identity, vault, key and role, and only then the registry. */
export const createKeyedRegistry: [string, ...string[]][] = [
  ['An identity by which the new registry reaches its key.', createIdentity],
  ['A vault in the same region, with purge protection.', createVault('REGISTRY')],
  ['A key.', createVaultKey('REGISTRY')],
  [
    'The identity may use the key. This has to come before the registry.',
    assignRole('$VAULT_ID/keys/$NEW_KEY_NAME'),
    waitForRole,
  ],
  [
    'The new registry.',
    `az acr create --name "$NEW_REGISTRY_NAME" --resource-group "$REGISTRY_RESOURCE_GROUP" \\
  --subscription "$REGISTRY_SUBSCRIPTION" --location "$REGISTRY_LOCATION" --sku Premium \\
  --identity "$IDENTITY_ID" --key-encryption-key "$NEW_KEY_ID" --output none`,
  ],
];

/** Commands read nothing from the lists that the loops read. */
const copyImages = `az acr repository list --name "$REGISTRY_NAME" --subscription "$REGISTRY_SUBSCRIPTION" --output tsv |
  while IFS= read -r repository; do
    az acr repository show-tags --name "$REGISTRY_NAME" --subscription "$REGISTRY_SUBSCRIPTION" \\
      --repository "$repository" --output tsv </dev/null |
      while IFS= read -r tag; do
        az acr import --name "$NEW_REGISTRY_NAME" --subscription "$REGISTRY_SUBSCRIPTION" --registry "$REGISTRY_ID" \\
          --source "$repository:$tag" --image "$repository:$tag" --force </dev/null
      done
    az acr manifest list-metadata --registry "$REGISTRY_NAME" --subscription "$REGISTRY_SUBSCRIPTION" \\
      --name "$repository" --query '[?tags==null].digest' --output tsv </dev/null |
      while IFS= read -r digest; do
        az acr import --name "$NEW_REGISTRY_NAME" --subscription "$REGISTRY_SUBSCRIPTION" --registry "$REGISTRY_ID" \\
          --source "$repository@$digest" --repository "$repository" --force </dev/null
      done
  done`;

/** The same in Bicep, in the registry's resource group. */
export const keyedRegistryInBicep = `${bicep.newIdentity()}

${bicep.newVaultWithKey()}

${bicep.assignRole('identity.properties.principalId')}

resource newRegistry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: newRegistryName
  location: registryLocation
  sku: {
    name: 'Premium'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '\${identity.id}': {}
    }
  }
  properties: {
${bicep.encryption('key.properties.keyUri', 'identity.properties.clientId')}
  }
  // The role has to come before the registry.
  dependsOn: [
    mayUseKey
  ]
}`;

/** The same in Terraform. */
export const keyedRegistryInTerraform = `${terraform.newIdentity}

${terraform.newVaultWithKey('registry')}

${terraform.assignRole('azurerm_key_vault_key.new.resource_versionless_id', 'azurerm_user_assigned_identity.registry.principal_id')}

resource "azurerm_container_registry" "new" {
  name                = var.new_registry_name
  resource_group_name = var.registry_resource_group
  location            = var.registry_location
  sku                 = "Premium"

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.registry.id]
  }

  encryption {
    key_vault_key_id   = azurerm_key_vault_key.new.versionless_id
    identity_client_id = azurerm_user_assigned_identity.registry.client_id
  }

  # The role has to come before the registry.
  depends_on = [azurerm_role_assignment.may_use_key]
}`;

/** What to look at afterwards: the new registry, not the old one. */
export function verifyNewRegistry(subject: Subject): Pick<Plan, 'verify' | 'expect'> {
  const { id } = subject.registry;
  const name = toValues(subject).find((value) => value.name === 'newRegistryName')?.text ?? '';
  const newId = `${id.id.slice(0, -id.name.length)}${name}`;
  return {
    verify: [
      toCommand('az acr encryption show', {
        name,
        'resource-group': id.resourceGroup,
        subscription: id.subscriptionId,
      }),
      assess(subject, newId),
    ],
    expect: 'pass encryption_enabled',
  };
}
