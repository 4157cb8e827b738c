import { mapped, mcsb, nist, policies } from '../frameworks.ts';
import { unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { planPrivateRegistry } from './acr-publicnetwork.remedy.ts';

/** The registry is reached by private endpoints alone. */
export const acrPublicNetwork = defineRule({
  id: 'acr_publicnetwork',
  severity: 'medium',
  isOffByDefault: true,
  title: 'The registry can be reached from public networks',
  checks:
    'Whether publicNetworkAccess of the registry is Disabled, with or without a customer-managed key. Network rules that let in some addresses only are told as such, and fail too.',
  why: 'A registry on public networks is one stolen credential away from anyone; encryption at rest does not help against someone who may pull.',
  remedy:
    'Give the registry private endpoints, see that everything that pulls and pushes uses them, then close it: "az acr update --name REGISTRY --public-network-enabled false" (Premium only).',
  reads: ['registry'],
  reasons: {
    public_network_disabled: 'Public networks are locked out.',
    public_network_open: 'Every address can reach the registry.',
    public_network_restricted: 'Some addresses of public networks can reach the registry.',
    public_network_missing: 'Azure did not tell whether public networks can reach the registry.',
    public_network_unrecognised: 'Azure shows a state of public network access that is not documented.',
  },
  links: [
    'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-private-link',
    'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-access-selected-networks',
  ],
  controls: mapped(policies.registryNetwork, mcsb.ns2, nist.ac4, nist.sc7, nist.sc7c3),
  judge({ registry: { publicNetworkAccess, networkDefaultAction } }) {
    const values = { publicNetworkAccess, 'networkRuleSet.defaultAction': networkDefaultAction };
    switch (publicNetworkAccess?.toLowerCase()) {
      case 'disabled':
        return { outcome: 'pass', reason: 'public_network_disabled', values };
      case 'enabled':
        return networkDefaultAction?.toLowerCase() === 'deny'
          ? { outcome: 'fail', reason: 'public_network_restricted', values }
          : { outcome: 'fail', reason: 'public_network_open', values };
      case undefined:
        return unknown('public_network_missing', values);
      default:
        return unknown('public_network_unrecognised', values);
    }
  },
  mend: planPrivateRegistry,
});
