import { acrCustodyOverlap } from './acr-custodyoverlap.ts';
import { acrIdentityDetached } from './acr-identitydetached.ts';
import { acrNoCmk } from './acr-nocmk.ts';
import { acrPublicNetwork } from './acr-publicnetwork.ts';
import { acrSystemIdentity } from './acr-systemidentity.ts';
import { keyExpiring } from './key-expiring.ts';
import { keyNoAccess } from './key-noaccess.ts';
import { keyOld } from './key-old.ts';
import { keyPinned } from './key-pinned.ts';
import { keyUnusable } from './key-unusable.ts';
import { keyWeak } from './key-weak.ts';
import { kvMissing } from './kv-missing.ts';
import { kvNetworkBlocked } from './kv-networkblocked.ts';
import { kvNoAuditLog } from './kv-noauditlog.ts';
import { kvNoPurgeProtection } from './kv-nopurgeprotection.ts';
import { kvNoSoftDelete } from './kv-nosoftdelete.ts';
import { kvRegionMismatch } from './kv-regionmismatch.ts';
import { kvShortRetention } from './kv-shortretention.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order in which they are shown. */
export const catalog: readonly Rule[] = [
  acrNoCmk,
  kvNoSoftDelete,
  kvNoPurgeProtection,
  kvMissing,
  keyUnusable,
  keyExpiring,
  keyPinned,
  keyNoAccess,
  acrIdentityDetached,
  acrSystemIdentity,
  kvRegionMismatch,
  kvNetworkBlocked,
  kvShortRetention,
  acrPublicNetwork,
  kvNoAuditLog,
  keyOld,
  keyWeak,
  acrCustodyOverlap,
];

/** The rule of an id; undefined for an unknown one. */
export function findRule(id: string): Rule | undefined {
  return catalog.find((rule) => rule.id === id);
}
