import type { ArmAnswer } from './arm-answer.ts';
import { authorizationFailed, policyDefinitionNotFound } from './arm-errors.ts';
import type { ReadContext } from './arm-reads.ts';

const action = 'Microsoft.Authorization/policyDefinitions/read';

/** Answers a policy of the whole tenant by its name, which is a GUID for built-in ones. */
export function answerPolicy(
  name: string,
  { state, request }: Pick<ReadContext, 'state' | 'request'>,
): ArmAnswer {
  if (!state.isReadable(request.path, action)) return authorizationFailed(action, request.path);
  const body = state.get(request.path);
  return body ? { kind: 'json', status: 200, body } : policyDefinitionNotFound(name);
}
