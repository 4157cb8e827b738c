import { type NamedIdentity, toNamedIdentity } from '../../domain/estate/encryption-identity.ts';
import type { HolderNetwork } from '../../domain/estate/key-holder.ts';
import { namedIdentityReasons } from '../registry/identity-evidence.ts';
import { defineRule, type Judgement } from '../rule.ts';
import { judgeKeyHolder } from './key-holder-rule.ts';
import { planNetwork } from './kv-networkblocked.remedy.ts';

/** Whether trusted services by a user-assigned identity get past a closed firewall: documentation and reports disagree. */
const userIdentity = {
  setting: 'TRUSTED_SERVICES_USER_IDENTITY',
  words: ['unknown', 'pass', 'fail'],
  default: 'unknown',
} as const;

/** The key holder's network lets the registry in, as a trusted service. */
export const kvNetworkBlocked = defineRule({
  id: 'kv_networkblocked',
  severity: 'high',
  title: 'The key holder’s network does not let the registry in',
  checks:
    'Whether trusted Microsoft services can reach the key holder: a firewall that denies by default, or disabled public access, shuts the registry out unless the bypass for trusted services is on. Address rules, subnets and private endpoints don’t help a registry. Whether a registry with a user-assigned identity gets past a closed firewall by the bypass, documentation and reports disagree: TRUSTED_SERVICES_USER_IDENTITY (unknown, pass or fail) says what to make of it. Under a network security perimeter it can’t be told: the perimeter decides, and the key holder does not show it.',
  why: 'A registry that can’t reach its key can’t take up new key versions, imports fail, and in the end so do pulls and pushes.',
  remedy:
    'Let trusted services in: "az keyvault update --name VAULT --bypass AzureServices" (Managed HSM: "az keyvault update-hsm --hsm-name HSM --bypass AzureServices"). The firewall stays closed to everyone else. A user-assigned identity that does not get past it needs to be replaced by the registry’s system-assigned one.',
  reads: ['registry', 'keyHolder'],
  reasons: {
    ...namedIdentityReasons,
    trusted_services_user_identity:
      'The firewall is closed but to trusted services, and the registry comes with a user-assigned identity: whether it is let in, TRUSTED_SERVICES_USER_IDENTITY says.',
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
  choice: userIdentity,
  judge: judgeKeyHolder({
    found({ network }, { registry }, { toChoice }) {
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
      if (reason !== 'trusted_services_let_in' || isOpen(network)) return { outcome, reason, values };
      const named = toNamedIdentity(registry.encryption);
      return { ...judgeBypass(named, toChoice(userIdentity)), values: { ...values, identity: named.kind } };
    },
  }),
  mend: planNetwork,
});

/** Whether the network is open to all, so that nobody needs the bypass; a default action that nobody documented is not. */
function isOpen({ publicNetworkAccess, defaultAction }: HolderNetwork): boolean {
  return (
    publicNetworkAccess?.toLowerCase() !== 'disabled' &&
    (defaultAction === undefined || defaultAction.toLowerCase() === 'allow')
  );
}

/** What the bypass of a closed firewall is worth to an identity. */
function judgeBypass(
  named: NamedIdentity,
  choice: (typeof userIdentity)['words'][number],
): Pick<Judgement, 'outcome' | 'reason'> {
  if (named.kind === 'system' || choice === 'pass')
    return { outcome: 'pass', reason: 'trusted_services_let_in' };
  return named.kind === 'user'
    ? { outcome: choice, reason: 'trusted_services_user_identity' }
    : { outcome: 'unknown', reason: named.reason };
}

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
