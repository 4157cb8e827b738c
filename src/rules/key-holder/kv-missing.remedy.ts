import { findPrincipal, grant, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { azurermProvider } from '../../remedy/terraform-provider.ts';
import { showKeyHolder } from '../../remedy/verify.ts';
import {
  createKeyedRegistry,
  keyedRegistryInBicep,
  keyedRegistryInTerraform,
  verifyNewRegistry,
} from '../registry/acr-nocmk.remedy.ts';

/** A soft-deleted key holder is recovered; one that exists nowhere is lost with its key. */
export function planRecovery(subject: Subject): Plan {
  const isLost = subject.keyHolder.state === 'absent' || subject.reason === 'key_holder_absent';
  return isLost ? planLoss(subject) : planUndelete(subject);
}

function planUndelete(subject: Subject): Plan {
  const { posture } = subject;
  const purged = posture.keyHolder?.state === 'deleted' ? posture.keyHolder.scheduledPurgeAt : undefined;
  return {
    summary:
      'Recover the key holder at once, protect it against being purged, and let the registry’s identity use the key again.',
    warnings: [
      ...(purged
        ? [`It is purged on ${purged}, sooner where nothing protects it: then the key is lost for good.`]
        : []),
      'Recovery does not bring back its role assignments and event subscriptions: this grants the registry’s identity access again, all others are yours to restore.',
      'Purge protection can’t be undone.',
    ],
    az: toSteps(
      ...recoverSteps(subject),
      ['The identity may use the key again.', findPrincipal(subject), grant(subject)],
      [
        'What else was lost: event subscriptions of the key holder, and role assignments of others.',
        'az eventgrid event-subscription list --source-resource-id "$KEY_HOLDER_ID" --output table',
      ],
    ),
    bicep: `${bicep.deployTo(subject, 'keyHolder')}
${recoveryInBicep(subject)}`,
    terraform: recoveryInTerraform(subject),
    verify: [showKeyHolder(subject, 'properties')],
    expect: 'pass key_holder_found',
  };
}

/** Recovers the key holder and protects it. */
function recoverSteps({ keyHolder }: Subject): [string, ...string[]][] {
  const option = keyHolder.kind === 'vault' ? '--name' : '--hsm-name';
  const update = keyHolder.kind === 'vault' ? 'update --name' : 'update-hsm --hsm-name';
  return [
    [
      'Recover it. Its resource group has to exist: make it again if it was deleted with it.',
      `az keyvault recover ${option} "$KEY_HOLDER_NAME" --location "$KEY_HOLDER_LOCATION" \\
  --resource-group "$KEY_HOLDER_RESOURCE_GROUP" --subscription "$KEY_HOLDER_SUBSCRIPTION" --output none`,
    ],
    [
      'Protect it against being purged.',
      `az keyvault ${update} "$KEY_HOLDER_NAME" --resource-group "$KEY_HOLDER_RESOURCE_GROUP" \\
  --subscription "$KEY_HOLDER_SUBSCRIPTION" --enable-purge-protection true --output none`,
    ],
  ];
}

/** The recovered key holder, and for a vault the role. */
function recoveryInBicep(subject: Subject): string {
  const recovered = bicep.recoverKeyHolder(subject);
  if (subject.keyHolder.kind === 'managedHsm')
    return `${recovered}\n\n// Bicep can't assign a Managed HSM's local roles, nor update what it recovers: the az commands do.`;
  return `${recovered}

// Where the vault goes by access policies, these came back with it, and the role does no harm.
resource key 'Microsoft.KeyVault/vaults/keys@2026-02-01' existing = {
  parent: keyHolder
  name: keyName
}

${bicep.assignRole('principalId')}

// Bicep can't update what it recovers in the same deployment: purge protection comes by the az command.`;
}

const recoveringFeatures = `features {
    key_vault {
      recover_soft_deleted_key_vaults = true
      purge_soft_delete_on_destroy    = false
    }
  }`;

/** Terraform recovers vaults only. */
function recoveryInTerraform(subject: Subject): string {
  if (subject.keyHolder.kind === 'managedHsm')
    return "# Terraform can't recover a Managed HSM: the az commands do. Then its local role:\n\n".concat(
      terraform.grant(subject, 'var.principal_id'),
    );
  return `${azurermProvider(subject.cloud, 'var.key_holder_subscription', recoveringFeatures)}

data "azurerm_client_config" "current" {}

# The vault comes back as it was: what it had before is not changed.
resource "azurerm_key_vault" "key_holder" {
  name                     = var.key_holder_name
  resource_group_name      = var.key_holder_resource_group
  location                 = var.key_holder_location
  tenant_id                = data.azurerm_client_config.current.tenant_id
  sku_name                 = "standard"
  purge_protection_enabled = true

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [sku_name, rbac_authorization_enabled, access_policy, network_acls, soft_delete_retention_days, tags]
  }
}

# Where the vault goes by access policies, these came back with it, and the role does no harm.
${terraform.assignRole(terraform.keyScope('azurerm_key_vault.key_holder.id'), 'var.principal_id')}`;
}

function planLoss(subject: Subject): Plan {
  return {
    summary:
      'The key is lost, and with it the images: create a new registry with a new key, and fill it by building the images again or importing them from elsewhere.',
    warnings: [
      'The encrypted images of this registry can’t be read any more, by anybody: no key of the same name brings them back.',
      'Copy at once whatever the old registry still answers (az acr import): it may go on for a while with a cached key.',
      'Whoever takes the free name of the key holder does not get the old key. Don’t point the registry to a key of somebody else.',
      'Purge protection of the new vault can’t be undone.',
    ],
    az: toSteps(
      ...createKeyedRegistry,
      [
        'Fill it: build and push the images again, or import them from a registry that holds copies, one by one.',
        '# az acr import --name "$NEW_REGISTRY_NAME" --source REGISTRY.azurecr.io/REPOSITORY:TAG --image REPOSITORY:TAG',
      ],
      [
        'Last of all, once nothing uses it any more, delete the old registry. It can’t be brought back.',
        '# az acr delete --name "$REGISTRY_NAME" --resource-group "$REGISTRY_RESOURCE_GROUP" --subscription "$REGISTRY_SUBSCRIPTION" --yes',
      ],
    ),
    bicep: `${bicep.deployTo(subject, 'registry')}
// Bicep can't bring images: step 6 of the az commands does.

${keyedRegistryInBicep}`,
    terraform: `# Terraform can't bring images: step 6 of the az commands does.
${keyedRegistryInTerraform}`,
    ...verifyNewRegistry(subject),
    expect: 'pass key_holder_found',
  };
}
