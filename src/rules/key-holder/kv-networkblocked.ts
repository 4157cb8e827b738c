import type { HolderNetwork } from '../../domain/estate/key-holder.ts';
import { defineRule, type Judgement } from '../rule.ts';
import { judgeKeyHolder } from './key-holder-rule.ts';
import { planNetwork } from './kv-networkblocked.remedy.ts';

/** The key holder's network lets the registry in, as a trusted service. */
export const kvNetworkBlocked = defineRule({
  id: 'kv_networkblocked',
  severity: 'high',
  title: 'The key holder’s network does not let the registry in',
  checks:
    'Whether trusted Microsoft services can reach the key holder: a firewall that denies by default, or disabled public access, shuts the registry out unless the bypass for trusted services is on. Address rules, subnets and private endpoints don’t help a registry. Under a network security perimeter it can’t be told: the perimeter decides, and the key holder does not show it.',
  why: 'A registry that can’t reach its key can’t take up new key versions, imports fail, and in the end so do pulls and pushes.',
  remedy:
    'Let trusted services in: "az keyvault update --name VAULT --bypass AzureServices" (Managed HSM: "az keyvault update-hsm --hsm-name HSM --bypass AzureServices"). The firewall stays closed to everyone else.',
  reads: ['registry', 'keyHolder'],
  reasons: {
    trusted_services_let_in: 'The bypass for trusted services is on, which is also what an absent one means.',
    network_open: 'The bypass is off, but the key holder is open to all networks.',
    public_access_disabled: 'Public access is disabled and the bypass for trusted services is off.',
    firewall_denies: 'The firewall denies by default and the bypass for trusted services is off.',
    secured_by_perimeter: 'A network security perimeter decides, which Azure does not show here.',
    public_access_unrecognised: 'Azure shows a state of public access that is not documented.',
    bypass_unrecognised: 'Azure shows a bypass that is not documented.',
    default_action_missing: 'The bypass is off and the network rules have no default action.',
    default_action_unrecognised: 'Azure shows a default action that is not documented.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/key-vault/general/network-security',
    'https://learn.microsoft.com/en-us/azure/key-vault/general/overview-vnet-service-endpoints',
    'https://learn.microsoft.com/en-us/azure/key-vault/managed-hsm/configure-network-security',
    'https://learn.microsoft.com/en-us/azure/container-registry/tutorial-troubleshoot-customer-managed-keys',
  ],
  judge: judgeKeyHolder({
    found({ network }) {
      const { publicNetworkAccess, bypass, defaultAction } = network;
      const values = {
        publicNetworkAccess,
        'networkAcls.bypass': bypass,
        'networkAcls.defaultAction': defaultAction,
        'networkAcls.ipRules': network.addressRules,
        'networkAcls.virtualNetworkRules': network.subnetRules,
        privateEndpointConnections: network.privateEndpoints,
      };
      const [outcome, reason] = judgeNetwork(network);
      return { outcome, reason, values };
    },
  }),
  mend: planNetwork,
});

function judgeNetwork(network: HolderNetwork): [Judgement['outcome'], string] {
  const access = network.publicNetworkAccess?.toLowerCase() ?? 'enabled';
  if (access === 'securedbyperimeter') return ['unknown', 'secured_by_perimeter'];
  const isKnown = access === 'enabled' || access === 'disabled';
  switch (network.bypass?.toLowerCase() ?? 'azureservices') {
    case 'azureservices':
      // A word that nobody documented may override the bypass, as a perimeter does.
      return isKnown ? ['pass', 'trusted_services_let_in'] : ['unknown', 'public_access_unrecognised'];
    case 'none':
      return judgeWithoutBypass(access, network);
    default:
      return access === 'enabled' && network.defaultAction?.toLowerCase() === 'allow'
        ? ['pass', 'network_open']
        : ['unknown', 'bypass_unrecognised'];
  }
}

function judgeWithoutBypass(
  access: string,
  { defaultAction }: HolderNetwork,
): [Judgement['outcome'], string] {
  if (access === 'disabled') return ['fail', 'public_access_disabled'];
  const action = defaultAction?.toLowerCase();
  if (action === 'deny') return ['fail', 'firewall_denies'];
  if (access !== 'enabled') return ['unknown', 'public_access_unrecognised'];
  if (action === 'allow') return ['pass', 'network_open'];
  return ['unknown', action === undefined ? 'default_action_missing' : 'default_action_unrecognised'];
}
