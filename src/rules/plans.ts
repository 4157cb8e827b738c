import type { PlanRemedy } from '../remedy/plan.ts';
import { planExpiry } from './key/key-expiring.remedy.ts';
import { planAccess } from './key/key-noaccess.remedy.ts';
import { planRotation } from './key/key-old.remedy.ts';
import { planUnpinning } from './key/key-pinned.remedy.ts';
import { planUsableKey } from './key/key-unusable.remedy.ts';
import { planLongerKey } from './key/key-weak.remedy.ts';
import { planRecovery } from './key-holder/kv-missing.remedy.ts';
import { planNetwork } from './key-holder/kv-networkblocked.remedy.ts';
import { planAuditLog } from './key-holder/kv-noauditlog.remedy.ts';
import { planPurgeProtection } from './key-holder/kv-nopurgeprotection.remedy.ts';
import { planSoftDelete } from './key-holder/kv-nosoftdelete.remedy.ts';
import { planSameRegion } from './key-holder/kv-regionmismatch.remedy.ts';
import { planRetention } from './key-holder/kv-shortretention.remedy.ts';
import { planSeparation } from './registry/acr-custodyoverlap.remedy.ts';
import { planAttachment } from './registry/acr-identitydetached.remedy.ts';
import { planCustomerKey } from './registry/acr-nocmk.remedy.ts';
import { planPrivateRegistry } from './registry/acr-publicnetwork.remedy.ts';
import { planUserIdentity } from './registry/acr-systemidentity.remedy.ts';

/** How each rule's finding is mended, by rule id. */
export const plans: Readonly<Record<string, PlanRemedy>> = {
  acr_nocmk: planCustomerKey,
  kv_nosoftdelete: planSoftDelete,
  kv_nopurgeprotection: planPurgeProtection,
  kv_missing: planRecovery,
  key_unusable: planUsableKey,
  key_expiring: planExpiry,
  key_pinned: planUnpinning,
  key_noaccess: planAccess,
  acr_identitydetached: planAttachment,
  acr_systemidentity: planUserIdentity,
  kv_regionmismatch: planSameRegion,
  kv_networkblocked: planNetwork,
  kv_shortretention: planRetention,
  acr_publicnetwork: planPrivateRegistry,
  kv_noauditlog: planAuditLog,
  key_old: planRotation,
  key_weak: planLongerKey,
  acr_custodyoverlap: planSeparation,
};
