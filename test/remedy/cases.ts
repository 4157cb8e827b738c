import type { Posture } from '../../src/domain/estate/posture.ts';
import { catalog } from '../../src/rules/catalog.ts';
import { type Remedy, toRemedy } from '../../src/rules/remedy-of.ts';
import { holders, identities, plainPosture, postureOf, states } from './postures.ts';

/** A rule on a posture. */
export interface Case {
  name: string;
  rule: string;
  posture: Posture;
  reason?: string;
}

/** What can be wrong with a key. */
const keyFaults = [
  'key_gone',
  'key_disabled',
  'key_expired',
  'key_not_yet_valid',
  'key_operations_missing',
  'key_not_rsa',
  'key_holder_not_activated',
];

/** Reasons with a remedy of their own. */
const ownRemedies = [
  ['key_noaccess', 'vault_of_another_tenant'],
  ['kv_networkblocked', 'trusted_services_user_identity'],
  ['acr_identitydetached', 'identity_deleted'],
] as const;

/** Every rule on every kind and state of a key holder, every identity, pinned or not; and every fault of a key. */
export const cases: readonly Case[] = [
  { name: 'acr_nocmk', rule: 'acr_nocmk', posture: plainPosture() },
  ...catalog.flatMap(({ id }) => toCases(id)),
  ...ownRemedies.flatMap(([rule, reason]) =>
    holders.map((holder) => ({
      name: `${rule} ${reason} ${holder}`,
      rule,
      posture: postureOf({ holder }),
      reason,
    })),
  ),
  ...keyFaults.flatMap((reason) =>
    holders.flatMap((holder) =>
      [false, true].map((isPinned) => ({
        name: `key_unusable ${reason} ${holder}${isPinned ? ' pinned' : ''}`,
        rule: 'key_unusable',
        posture: postureOf({ holder, isPinned }),
        reason,
      })),
    ),
  ),
];

function toCases(rule: string): Case[] {
  return holders.flatMap((holder) =>
    states.flatMap((state) =>
      identities.flatMap((identity) =>
        [false, true].map((isPinned) => ({
          name: [rule, holder, state, identity, isPinned ? 'pinned' : ''].join(' ').trim(),
          rule,
          posture: postureOf({ holder, state, identity, isPinned }),
        })),
      ),
    ),
  );
}

/** The remedy of a rule that exists. */
export function remedyOf(
  rule: string,
  posture: Posture,
  reason?: string,
): Remedy & Required<Pick<Remedy, 'bicep' | 'terraform'>> {
  const remedy = toRemedy(rule, posture, reason);
  if (!remedy?.bicep || !remedy.terraform) throw new Error(`No whole remedy of ${rule}`);
  return { ...remedy, bicep: remedy.bicep, terraform: remedy.terraform };
}

/** Lines that do something: no comments, no blank ones. */
export function toCode(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() && !/^\s*(#|\/\/)/.test(line))
    .join('\n');
}
