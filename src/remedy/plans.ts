import type { PlanRemedy } from './plan.ts';
import { planSeparation } from './rules/acr-custodyoverlap.ts';
import { planAttachment } from './rules/acr-identitydetached.ts';
import { planCustomerKey } from './rules/acr-nocmk.ts';
import { planPrivateRegistry } from './rules/acr-publicnetwork.ts';
import { planUserIdentity } from './rules/acr-systemidentity.ts';
import { planExpiry } from './rules/key-expiring.ts';
import { planAccess } from './rules/key-noaccess.ts';
import { planRotation } from './rules/key-old.ts';
import { planUnpinning } from './rules/key-pinned.ts';
import { planUsableKey } from './rules/key-unusable.ts';
import { planLongerKey } from './rules/key-weak.ts';
import { planRecovery } from './rules/kv-missing.ts';
import { planNetwork } from './rules/kv-networkblocked.ts';
import { planAuditLog } from './rules/kv-noauditlog.ts';
import { planPurgeProtection } from './rules/kv-nopurgeprotection.ts';
import { planSoftDelete } from './rules/kv-nosoftdelete.ts';
import { planSameRegion } from './rules/kv-regionmismatch.ts';
import { planRetention } from './rules/kv-shortretention.ts';

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
