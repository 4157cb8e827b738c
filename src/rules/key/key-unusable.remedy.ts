import type { KeyVersion } from '../../domain/estate/key.ts';
import {
  findPrincipal,
  grant,
  identityWord,
  keyHolderWords,
  rotateKey,
  toSteps,
} from '../../remedy/az-steps.ts';
import {
  importKey,
  noVersionsInBicep,
  toKeyOperations,
  toVersionWarnings,
} from '../../remedy/key-versions.ts';
import { newKeyInBicep, newKeyInTerraform } from '../../remedy/new-key.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { showEncryption, showKey } from '../../remedy/verify.ts';
import { renewKey } from './key-expiring.remedy.ts';
import { toKeyFaults } from './key-faults.ts';

type Step = [string, ...string[]];

/** What is wrong with the key, worst first, decides what is done. */
export function planUsableKey(subject: Subject): Plan {
  const faults = toFaults(subject);
  const isOther = faults.has('key_not_rsa');
  const isExpired = faults.has('key_expired');
  return {
    summary: [...faults].map((fault) => summaries[fault] ?? 'Look at the key, and enable it.').join(' '),
    warnings: toWarnings(subject, faults),
    az: toSteps(...toStepsOf(subject, faults)),
    bicep: isOther ? newKeyInBicep(subject) : noVersionsInBicep,
    terraform: isOther
      ? newKeyInTerraform(subject)
      : isExpired && subject.keyHolder.kind === 'vault'
        ? importKey(subject, '  expiration_date = var.new_expiry\n')
        : "# Terraform can't do this: the state of a key that exists is changed by the az commands.",
    verify: [showKey(subject, '{attributes: attributes, operations: key.keyOps}'), showEncryption(subject)],
    expect: 'pass key_usable',
  };
}

const summaries: Record<string, string> = {
  key_gone: 'Recover the key.',
  key_disabled: 'Enable the key version that the registry uses.',
  key_not_yet_valid: 'Let the key be valid from now on.',
  key_expired: 'Make a new version of the key, or extend the one that has expired.',
  key_operations_missing: 'Permit the key to wrap and unwrap.',
  key_not_rsa: 'Create an RSA key and move the registry to it: it takes no other.',
  key_holder_not_activated: 'Activate the Managed HSM by its security domain.',
};

/** Faults that are certain, at the time of reading; the verdict's reason is always among them. */
function toFaults({ posture, reason, readAt }: Subject): Set<string> {
  const { inUse, newest } = posture.key ?? {};
  const found = [inUse, newest].flatMap((version) => (version ? faultsOf(version, readAt) : []));
  const faults = new Set([...(reason && reason in summaries ? [reason] : []), ...found]);
  return faults.size > 0 ? faults : new Set(['key_disabled']);
}

function faultsOf(version: KeyVersion, readAt: string): string[] {
  return toKeyFaults(version, new Date(readAt)).flatMap(({ outcome, reason }) =>
    outcome === 'fail' ? reason : [],
  );
}

function toWarnings(subject: Subject, faults: ReadonlySet<string>): string[] {
  return [
    'While the key can’t be used the registry can’t decrypt its images: pulls and pushes fail.',
    'Somebody may have disabled or deleted the key on purpose: ask before you bring it back.',
    ...(faults.has('key_gone')
      ? [
          'A key that was purged is lost, and with it the images: then build them again or import them into a new registry (acr_nocmk).',
        ]
      : []),
    ...(faults.has('key_expired') ? toVersionWarnings(subject) : []),
    ...(faults.has('key_not_rsa')
      ? ['The move works only while the registry can still unwrap with its present key.']
      : []),
    ...(faults.has('key_holder_not_activated')
      ? [
          'A Managed HSM that was restored needs its own security domain and the keys that open it; nothing stands in for them.',
        ]
      : []),
  ];
}

function toStepsOf(subject: Subject, faults: ReadonlySet<string>): Step[] {
  const steps: [boolean, () => Step[]][] = [
    [faults.has('key_holder_not_activated'), () => [activate]],
    [faults.has('key_gone'), () => recover(subject)],
    [hasState(faults), () => repair(subject, faults)],
    [faults.has('key_expired'), () => renewKey(subject)],
    [faults.has('key_not_rsa'), () => replace(subject)],
  ];
  return steps.flatMap(([isNeeded, make]) => (isNeeded ? make() : []));
}

function hasState(faults: ReadonlySet<string>): boolean {
  return ['key_disabled', 'key_not_yet_valid', 'key_operations_missing'].some((fault) => faults.has(fault));
}

const activate: Step = [
  'Activate it by downloading its security domain, with at least three RSA key pairs (openssl makes them).',
  `az keyvault security-domain download --hsm-name "$KEY_HOLDER_NAME" --subscription "$KEY_HOLDER_SUBSCRIPTION" \\
  --sd-wrapping-keys wrapping-1.cer wrapping-2.cer wrapping-3.cer --sd-quorum 2 \\
  --security-domain-file security-domain.json`,
];

function recover(subject: Subject): Step[] {
  const isByRole = subject.keyHolder.access !== 'policies';
  return [
    [
      'Recover the key. Where it is not among the deleted ones it was purged, or only its version is wrong.',
      `az keyvault key recover ${keyHolderWords(subject)} --name "$KEY_NAME" --output none`,
    ],
    ...(isByRole
      ? ([
          ['Roles at the key itself may have gone with it.', findPrincipal(subject), grant(subject)],
        ] as Step[])
      : []),
  ];
}

/** One command for the version in use; where the registry follows the key, one for the newest version as well. */
function repair(subject: Subject, faults: ReadonlySet<string>): Step[] {
  const { key, posture } = subject;
  const { inUse, newest } = posture.key ?? {};
  const versions: [KeyVersion | undefined, string][] =
    inUse && newest && inUse !== newest && versionOf(inUse) !== versionOf(newest)
      ? [
          [inUse, ' --version "$KEY_VERSION"'],
          [newest, ''],
        ]
      : [[inUse ?? newest, inUse && key.version ? ' --version "$KEY_VERSION"' : '']];
  const commands = versions.flatMap(([version, option]) => {
    const own = version ? faultsOf(version, subject.readAt) : [];
    const changes = toChanges(subject, own.length > 0 || versions.length > 1 ? new Set(own) : faults);
    return changes === ''
      ? []
      : `az keyvault key set-attributes ${keyHolderWords(subject)} --name "$KEY_NAME"${option} \\\n  ${changes} --output none`;
  });
  return commands.length > 0 ? [['Make the key usable again.', ...commands]] : [];
}

function versionOf(version: KeyVersion): string | undefined {
  return version.state === 'found' ? version.version : undefined;
}

function toChanges(subject: Subject, faults: ReadonlySet<string>): string {
  const now = `${subject.readAt.slice(0, 19)}Z`;
  return [
    faults.has('key_disabled') ? '--enabled true' : '',
    faults.has('key_not_yet_valid') && /^[\dT:-]+Z$/.test(now) ? `--not-before ${now}` : '',
    faults.has('key_operations_missing') ? `--ops ${toKeyOperations(subject).join(' ')}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** A key of another name: the type of a key can't be changed. */
function replace(subject: Subject): Step[] {
  const kty = subject.keyHolder.kind === 'vault' ? 'RSA' : 'RSA-HSM';
  const atNewKey = grant(subject).replaceAll('$KEY_NAME', '$NEW_KEY_NAME');
  return [
    [
      'An RSA key.',
      `NEW_KEY_VERSION="$(az keyvault key create ${keyHolderWords(subject)} \\
  --name "$NEW_KEY_NAME" --kty ${kty} --size 4096 --ops wrapKey unwrapKey --query key.kid --output tsv)"
NEW_KEY_ID="\${NEW_KEY_VERSION%/*}"`,
    ],
    ['The identity may use it.', findPrincipal(subject), atNewKey],
    ['The registry goes over to it.', rotateKey('$NEW_KEY_ID', identityWord(subject))],
  ];
}
