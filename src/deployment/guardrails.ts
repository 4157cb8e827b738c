import type { Arm } from './arm.ts';
import { type Ensured, ensure, together } from './ensure.ts';
import { type MonitorName, toSignature } from './monitor-place.ts';

/** How strict the guardrails are. */
export type GuardrailEffect = 'Off' | 'Audit' | 'Deny';

/** Names of their assignments, at most 24 characters, the built-in policies by their ids, and what they ask for. */
const guardrails = [
  {
    name: 'acr-cmk-registry',
    policy: '5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580',
    title: 'Container registries are encrypted with a customer-managed key',
  },
  {
    name: 'acr-cmk-vault',
    policy: '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53',
    title: 'Key vaults are protected from deletion',
  },
  {
    name: 'acr-cmk-hsm',
    policy: 'c39ba22d-4428-4149-b981-70acb31fc383',
    title: 'Managed HSMs are protected from purging',
  },
];

const assignments = 'providers/Microsoft.Authorization/policyAssignments';

/** Assigns the guardrails at a scope; one that is exempted as a whole is left alone. */
export async function assignGuardrails(
  arm: Arm,
  monitor: MonitorName,
  { scope, effect, exemptions }: { scope: string; effect: 'Audit' | 'Deny'; exemptions: readonly string[] },
): Promise<Ensured | 'exempted'> {
  const exempted = exemptions.map((id) => id.toLowerCase());
  if (exempted.includes(scope.toLowerCase())) return 'exempted';
  const isGroup = scope.startsWith('/providers/');
  // Scopes of other subscriptions are none of this one's.
  const notScopes = exemptions.filter(
    (id) => isGroup || id.toLowerCase().startsWith(`${scope.toLowerCase()}/`),
  );
  const done = guardrails.map(({ name, policy, title }) =>
    ensure(arm, `${scope}/${assignments}/${name}`, {
      properties: {
        displayName: title,
        enforcementMode: 'Default',
        metadata: { assignedBy: toAssigner(monitor) },
        notScopes,
        parameters: { effect: { value: effect } },
        policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${policy}`,
      },
    }),
  );
  return together(await Promise.all(done));
}

/** Removes the guardrails that this monitor assigned at a scope, whatever is asked for now; answers how many. */
export async function removeGuardrails(arm: Arm, monitor: MonitorName, scope: string): Promise<number> {
  const there = await arm.list(`${scope}/${assignments}`, 'atExactScope()');
  const ours = there.filter(({ name, properties }) => {
    const { assignedBy } = (properties?.metadata ?? {}) as { assignedBy?: unknown };
    return assignedBy === toAssigner(monitor) && guardrails.some((one) => one.name === name);
  });
  for (const { name } of ours) await arm.remove(`${scope}/${assignments}/${name}`);
  return ours.length;
}

/** The note on a policy's assignment by which its monitor knows it. */
export function toAssigner(monitor: MonitorName): string {
  return `ACR CMK monitor (${toSignature(monitor)})`;
}
