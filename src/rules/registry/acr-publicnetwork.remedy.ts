import { registryWords, toSteps } from '../../remedy/az-steps.ts';
import * as bicep from '../../remedy/bicep-parts.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import * as terraform from '../../remedy/terraform-parts.ts';
import { showRegistry } from '../../remedy/verify.ts';

/** Public network access is closed, once there is a private way in. */
export function planPrivateRegistry(subject: Subject): Plan {
  const isPremium = subject.registry.sku?.toLowerCase() === 'premium';
  return {
    summary: 'Give the registry a private endpoint, then close its public network access.',
    warnings: [
      'Everything that pushes or pulls by the public address stops working: private endpoint and DNS come first.',
      'Trusted services of Azure still get in unless that is switched off too.',
      ...(isPremium
        ? []
        : ['Only Premium registries can be closed: this raises the tier, which costs more.']),
    ],
    az: toSteps(
      ...(isPremium
        ? []
        : ([
            [
              'Only Premium has private endpoints.',
              `az acr update ${registryWords} --sku Premium --output none`,
            ],
          ] as const)),
      [
        'Stop unless a private endpoint is approved (az network private-endpoint create makes one).',
        `APPROVED="$(az acr private-endpoint-connection list --registry-name "$REGISTRY_NAME" \\
  --resource-group "$REGISTRY_RESOURCE_GROUP" --subscription "$REGISTRY_SUBSCRIPTION" \\
  --query "length([?privateLinkServiceConnectionState.status=='Approved'])" --output tsv)"
if [ "$APPROVED" = 0 ]; then
  echo 'The registry has no approved private endpoint: nobody could reach it.' >&2
  exit 1
fi`,
      ],
      [
        'Close the public network access.',
        `az acr update ${registryWords} --public-network-enabled false --output none`,
      ],
    ),
    bicep: `${bicep.deployTo(subject, 'registry', 'registryNow=@now.json')}
// First make sure that the registry has an approved private endpoint.

${bicep.changeRegistry({ properties: "    publicNetworkAccess: 'Disabled'" })}`,
    terraform: `# First make sure that the registry has an approved private endpoint (azurerm_private_endpoint).
${terraform.changeRegistry(`${isPremium ? '' : '    sku = { name = "Premium" }\n'}    properties = { publicNetworkAccess = "Disabled" }`)}`,
    verify: [showRegistry(subject, 'publicNetworkAccess')],
    expect: 'pass public_network_disabled',
  };
}
