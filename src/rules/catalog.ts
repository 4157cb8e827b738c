import { keyExpiring } from './key/key-expiring.ts';
import { keyNoAccess } from './key/key-noaccess.ts';
import { keyNoRotation } from './key/key-norotation.ts';
import { keyOld } from './key/key-old.ts';
import { keyPinned } from './key/key-pinned.ts';
import { keyRotationStuck } from './key/key-rotationstuck.ts';
import { keyUnusable } from './key/key-unusable.ts';
import { keyWeak } from './key/key-weak.ts';
import { kvMissing } from './key-holder/kv-missing.ts';
import { kvNetworkBlocked } from './key-holder/kv-networkblocked.ts';
import { kvNoAuditLog } from './key-holder/kv-noauditlog.ts';
import { kvNoPurgeProtection } from './key-holder/kv-nopurgeprotection.ts';
import { kvNoSoftDelete } from './key-holder/kv-nosoftdelete.ts';
import { kvRegionMismatch } from './key-holder/kv-regionmismatch.ts';
import { kvShortRetention } from './key-holder/kv-shortretention.ts';
import { acrCustodyOverlap } from './registry/acr-custodyoverlap.ts';
import { acrIdentityDetached } from './registry/acr-identitydetached.ts';
import { acrNoCmk } from './registry/acr-nocmk.ts';
import { acrPublicNetwork } from './registry/acr-publicnetwork.ts';
import { acrSystemIdentity } from './registry/acr-systemidentity.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order in which they are shown. */
export const catalog = [
  acrNoCmk,
  kvNoSoftDelete,
  kvNoPurgeProtection,
  kvMissing,
  keyUnusable,
  keyExpiring,
  keyRotationStuck,
  keyNoRotation,
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
] as const satisfies readonly Rule[];

/** Id of a rule. */
export type RuleId = (typeof catalog)[number]['id'];

/** Whether a text is the id of a rule. */
export function isRuleId(id: string): id is RuleId {
  return catalog.some((rule) => rule.id === id);
}

/** The rule of an id; undefined for an unknown one. */
export function findRule(id: string): Rule | undefined {
  return catalog.find((rule) => rule.id === id);
}
