import { toCustody } from '../../domain/estate/access/custody.ts';
import { mcsb, stated } from '../frameworks.ts';
import { judgeKeyHolder, unknown } from '../key-holder/key-holder-rule.ts';
import { defineRule } from '../rule.ts';
import { planSeparation } from './acr-custodyoverlap.remedy.ts';

const reasons = {
  custody_separate: 'No principal can do both.',
  custody_overlap: 'At least one principal can do both.',
  custody_unclear: 'A group, a condition or a role that could not be read may make somebody able to do both.',
  managed_hsm_local_roles: 'A Managed HSM keeps its roles itself; Azure Resource Manager does not show them.',
  role_assignments_forbidden: 'The monitor may not read role assignments.',
  role_assignments_not_visible: 'Role assignments could not be found.',
};

/** Nobody can both open the key to somebody and put images into the registry. */
export const acrCustodyOverlap = defineRule({
  id: 'acr_custodyoverlap',
  severity: 'low',
  isOffByDefault: true,
  title: 'Somebody can both change the key holder’s access and manage the registry',
  checks:
    'Role assignments at the key and at the registry, inherited ones included: who may grant access to the key (by role, or by access policy), and who may change the registry. Fails when one principal may do both.',
  why: 'Whoever keeps the key should not be who keeps what it protects: one account that is taken over, or one person, can otherwise open the images without a second one noticing.',
  remedy:
    'Take one of the two roles away from the principals that "acr-cmk custody REGISTRY" names: leave the key holder to a security team, and the registry to the teams that use it.',
  reads: ['registry', 'keyHolder', 'keyRoles', 'registryRoles'],
  reasons,
  links: [
    'https://learn.microsoft.com/azure/key-vault/general/rbac-guide',
    'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest',
  ],
  controls: stated(
    mcsb.dp8,
    'who manages encryption keys has no access to the encrypted data, and the other way round',
  ),
  judge: judgeKeyHolder({
    found(holder, posture) {
      const { inBoth, doubts, canChangeAccess, canManageRegistry } = toCustody(posture, holder);
      const values = {
        inBoth: inBoth.slice(0, 10),
        canChangeAccess: canChangeAccess.length,
        canManageRegistry: canManageRegistry.length,
        ...(doubts.length > 0 ? { doubts } : {}),
      };
      if (inBoth.length > 0) return { outcome: 'fail', reason: 'custody_overlap', values };
      const unread = doubts.find((doubt) => doubt in reasons);
      if (unread) return unknown(unread, values);
      if (doubts.length > 0) return unknown('custody_unclear', values);
      return { outcome: 'pass', reason: 'custody_separate', values };
    },
  }),
  mend: planSeparation,
});
