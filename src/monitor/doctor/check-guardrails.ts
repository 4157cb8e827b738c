import type { SetupReader } from '../ports/azure-ports.ts';
import type { Run } from '../ports/ports.ts';
import { attempt, type Check, ok, reachFor, toList, warning } from './check.ts';

/**
 * Built-in policies that keep away what the monitor finds, with the names that clouds have them under, newest first
 * (source: the definitions in the repository Azure/azure-policy, and its history).
 */
export const guardrails: Record<string, readonly [string, ...string[]]> = {
  '5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580': [
    'Container registries should be encrypted with a customer-managed key',
    'Container registries should be encrypted with a customer-managed key (CMK)',
  ],
  '0b60c0b2-2dc2-4e1c-b5c9-abbed971de53': [
    'Key vaults should have deletion protection enabled',
    'Key vaults should have purge protection enabled',
  ],
  'c39ba22d-4428-4149-b981-70acb31fc383': [
    'Azure Key Vault Managed HSM should have purge protection enabled',
  ],
};

/** Whether the guardrails' policies exist here, under the names that they are known by. */
export function checkGuardrails(setup: SetupReader, run: Run): Promise<Check> {
  const name = 'Guardrail policies';
  return attempt(name, async () => {
    const policies = Object.entries(guardrails);
    const looked = await Promise.all(policies.map(([id, names]) => lookAtPolicy(setup, { id, names }, run)));
    const faults = looked.flat();
    return faults.length > 0
      ? warning(
          name,
          `${toList(faults)}. Leave the guardrail off until its id in src/deployment/guardrails.ts is right`,
        )
      : ok(name, `all ${policies.length} exist under the expected names`);
  });
}

async function lookAtPolicy(
  setup: SetupReader,
  { id, names }: { id: string; names: readonly [string, ...string[]] },
  run: Run,
): Promise<string[]> {
  const { value: answer, reason = '' } = await reachFor(() => setup.readPolicyName(id, run));
  if (!answer) return [reason];
  const label = `${id} ("${names[0]}")`;
  switch (answer.state) {
    case 'found':
      return names.includes(answer.value ?? '')
        ? []
        : [`${label} is named "${answer.value ?? ''}" in this tenant`];
    case 'gone':
      return [`${label} does not exist in this tenant`];
    default:
      return [
        `${label} can’t be read (HTTP ${answer.reading.status}): Microsoft.Authorization/policyDefinitions/read is needed`,
      ];
  }
}
