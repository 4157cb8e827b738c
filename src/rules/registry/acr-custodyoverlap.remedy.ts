import { toCustody } from '../../domain/estate/access/custody.ts';
import { toSteps } from '../../remedy/az-steps.ts';
import { toComment } from '../../remedy/comment.ts';
import type { Plan } from '../../remedy/plan.ts';
import type { Subject } from '../../remedy/subject.ts';
import { toCommand } from '../../remedy/verify.ts';

/** Whoever is in both camps loses one of the two roles: which one is for people to decide. */
export function planSeparation(subject: Subject): Plan {
  const { keyHolder, registry } = subject;
  const lines = toOverlap(subject);
  const list = (mark: '#' | '//') => lines.map((line) => toComment(mark, line, 1000)).join('\n');
  return {
    summary:
      'Take one of the two roles away from whoever can both change the key holder’s access and manage the registry.',
    warnings: [
      'Make sure that somebody else can still manage the one, and somebody else the other, before a role is taken away.',
      'An assignment at a subscription or management group grants far more than these two: give its holder what is needed in its place first.',
    ],
    az: toSteps(
      [
        'Who may grant access to the key, and who may manage the registry.',
        'az role assignment list --scope "$KEY_HOLDER_ID" --include-inherited --output table',
        'az role assignment list --scope "$REGISTRY_ID" --include-inherited --output table',
      ],
      [
        'Take one assignment away: its id goes into ASSIGNMENT_ID.',
        list('#'),
        'az role assignment delete --ids "$ASSIGNMENT_ID"',
      ],
    ),
    bicep: `// Bicep can't take a role assignment away that it did not make: the az commands do. Remove it from the file that makes it.
${list('//')}`,
    terraform: `# Terraform takes away only what is in its state: remove the azurerm_role_assignment from the configuration that makes it,
# or import it and destroy it. The az commands do it as well.
${list('#')}`,
    verify: [
      toCommand('az role assignment list', { scope: keyHolder.id, output: 'table' }),
      toCommand('az role assignment list', { scope: registry.id.id, output: 'table' }),
    ],
    expect: 'pass custody_separate',
  };
}

/** The principals in both camps, and the assignments that put them there. */
function toOverlap({ posture }: Subject): string[] {
  if (posture.keyHolder?.state !== 'found') return [];
  const { inBoth, canChangeAccess, canManageRegistry } = toCustody(posture, posture.keyHolder);
  return inBoth.flatMap((principalId) => [
    `Principal ${principalId}`,
    ...toGrants(canChangeAccess, principalId, 'may change the key holder’s access'),
    ...toGrants(canManageRegistry, principalId, 'may manage the registry'),
  ]);
}

function toGrants(
  custodians: ReturnType<typeof toCustody>['canChangeAccess'],
  principalId: string,
  power: string,
): string[] {
  const own = custodians.filter((one) => one.principalId.toLowerCase() === principalId);
  return own
    .flatMap(({ grants }) => grants)
    .map(({ id, role }) => `- ${power}${role ? ` as ${role}` : ''}: ${id}`);
}
