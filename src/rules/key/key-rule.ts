import {
  type FoundKeyVersion,
  type KeyVersion,
  type RegistryKey,
  toJudgedVersion,
} from '../../domain/estate/key.ts';
import type { Posture } from '../../domain/estate/posture.ts';
import { toPresent } from '../../domain/estate/present.ts';
import { judgeKeyHolder, notApplicable, unknown } from '../key-holder/key-holder-rule.ts';
import type { JudgeContext, Judgement } from '../rule.ts';
import { toIsoTime } from './key-times.ts';

/** Reasons that rules on a key's version share, and what they mean. */
export const keyReasons: Record<string, string> = {
  key_gone: 'The key, or the version in use, is not in the key holder.',
  key_forbidden: 'The monitor may not read the key; evidence names the action that its role lacks.',
  key_not_visible: 'The key is in a subscription that the monitor does not see.',
  version_in_use_unrecognised: 'The version in use is one of another key than the identifier names.',
};

/** Turns a judgement on the version that counts, the one in use where it is known and the newest otherwise, into one on a posture. */
export function judgeKeyVersion(
  judge: (version: FoundKeyVersion, context: JudgeContext, posture: Posture) => Judgement,
  toVersion: (key: RegistryKey) => KeyVersion | undefined = toJudgedVersion,
): (posture: Posture, context: JudgeContext) => Judgement {
  return judgeKeyHolder({
    found(_, posture, context) {
      const { key } = posture;
      const version = key && toVersion(key);
      switch (version?.state) {
        case undefined:
          return unknown('key_identifier_unusable');
        case 'absent':
          return notApplicable('key_gone');
        case 'unreadable':
          return unknown(version.reason, { missingAction: version.missingAction });
        case 'found': {
          const judgement = judge(version, context, posture);
          return { ...judgement, values: { version: version.version, ...judgement.values } };
        }
      }
    },
  });
}

/** What evidence shows of a version: facts by the name of the field, times in ISO 8601, UTC. */
export function toVersionValues(version: KeyVersion): Record<string, unknown> {
  if (version.state !== 'found') return { state: version.state };
  const { attributes, kty, keySize, keyOps } = version;
  return toPresent({
    version: version.version,
    enabled: attributes?.enabled,
    notBefore: toIsoTime(attributes?.notBefore),
    expires: toIsoTime(attributes?.expires),
    created: toIsoTime(attributes?.created),
    kty,
    keySize,
    keyOps,
  });
}
