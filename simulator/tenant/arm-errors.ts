import type { ArmAnswer } from './arm-answer.ts';
import type { ExtensionType } from './extension-path.ts';
import { monitorPrincipal } from './identity-endpoint.ts';

/** An error in Resource Manager's shape. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
): ArmAnswer {
  return { kind: 'json', status, body: { error: { code, message } }, ...(headers ? { headers } : {}) };
}

/** 401: no bearer token. */
export function authenticationFailed(tenantId: string): ArmAnswer {
  const message = "Authentication failed. The 'Authorization' header is missing.";
  const challenge = `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="The authentication scheme of Bearer is missing."`;
  return errorAnswer(401, 'AuthenticationFailed', message, { 'www-authenticate': challenge });
}

/** 403: the caller may not do that there. */
export function authorizationFailed(action: string, scope: string): ArmAnswer {
  const { clientId, objectId } = monitorPrincipal;
  return errorAnswer(
    403,
    'AuthorizationFailed',
    `The client '${clientId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** 400: the query lacks its api-version. */
export function missingApiVersion(): ArmAnswer {
  const message = 'The api-version query parameter (?api-version=) is required for all requests.';
  return errorAnswer(400, 'MissingApiVersionParameter', message);
}

/** 404 for a path that leads to no known resource type. */
export function unknownPath(path: string): ArmAnswer {
  const [, namespace, type] = /\/providers\/([^/]+)\/([^/]+)/i.exec(path) ?? [];
  if (!namespace)
    return errorAnswer(404, 'NotFound', `No resource was found that matches the path '${path}'.`);
  const message = `The resource type '${type}' could not be found in the namespace '${namespace}'.`;
  return errorAnswer(404, 'InvalidResourceType', message);
}

/** 404: no such subscription, or one that the caller has no part in. */
export function subscriptionNotFound(subscriptionId: string): ArmAnswer {
  const message = `The subscription '${subscriptionId}' could not be found.`;
  return errorAnswer(404, 'SubscriptionNotFound', message);
}

/** 404: no such management group. */
export function managementGroupNotFound(id: string): ArmAnswer {
  return errorAnswer(404, 'NotFound', `'${id}' not found`);
}

/** 404: no such resource group. */
export function resourceGroupNotFound(group: string): ArmAnswer {
  return errorAnswer(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
}

/** 404 as the gateway answers it: no such resource in a known group. */
export function resourceNotFound(resource: string, group: string): ArmAnswer {
  return errorAnswer(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** 404: what the resource should lie in does not exist. */
export function parentResourceNotFound(type: string, parentId: string): ArmAnswer {
  return errorAnswer(
    404,
    'ParentResourceNotFound',
    `Failed to perform 'read' on resource(s) of type '${type}', because the parent resource '${parentId}' could not be found.`,
  );
}

/** 404: the vault or Managed HSM has no such key, or no such version of it. */
export function keyNotFound(name: string): ArmAnswer {
  const message = `A key with (name/id) ${name} was not found in this key vault.`;
  return errorAnswer(404, 'KeyNotFound', message);
}

/** 404: no role of that GUID may be assigned there. */
export function roleDefinitionNotFound(guid: string): ArmAnswer {
  const message = `The specified role definition with ID '${guid}' does not exist.`;
  return errorAnswer(404, 'RoleDefinitionDoesNotExist', message);
}

/** 404: no policy of that name. */
export function policyDefinitionNotFound(name: string): ArmAnswer {
  const message = `The policy definition '${name}' could not be found.`;
  return errorAnswer(404, 'PolicyDefinitionNotFound', message);
}

/** 404: the scope has no role assignment, lock, diagnostic setting or event subscription of that name. */
export function extensionNotFound(type: ExtensionType, name: string): ArmAnswer {
  const [, kind = ''] = type.split('/');
  const codes = { roleAssignments: 'RoleAssignmentNotFound', locks: 'LockNotFound' };
  const code = codes[kind as keyof typeof codes] ?? 'ResourceNotFound';
  return errorAnswer(404, code, `The ${type} '${name}' could not be found.`);
}

/** 400: a list can't be filtered so. */
export function invalidFilter(filter: string): ArmAnswer {
  return errorAnswer(400, 'InvalidFilterInQueryString', `The filter '${filter}' is not supported.`);
}

/** 404: no vault or Managed HSM of that name is soft-deleted in that region. */
export function deletedHolderNotFound(type: string, name: string): ArmAnswer {
  const code = type === 'deletedVaults' ? 'DeletedVaultNotFound' : 'ResourceNotFound';
  const what = type === 'deletedVaults' ? 'vault' : 'managed HSM';
  return errorAnswer(404, code, `The specified deleted ${what} '${name}' does not exist.`);
}

/** 429: the bucket of reads is empty; it holds one again after `seconds`. */
export function requestsThrottled(subscriptionId: string, seconds: number): ArmAnswer {
  return errorAnswer(
    429,
    'SubscriptionRequestsThrottled',
    `Number of 'read' requests for subscription '${subscriptionId}' actor '${monitorPrincipal.objectId}' exceeded. Please try again after '${seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
    { 'retry-after': String(seconds) },
  );
}
