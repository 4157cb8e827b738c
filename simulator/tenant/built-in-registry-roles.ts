import type { BuiltInRole } from './role-permission.ts';

const registries = (...actions: string[]) =>
  actions.map((action) => `Microsoft.ContainerRegistry/registries/${action}`);
const repositories = (...actions: string[]) =>
  registries(...actions.map((action) => `repositories/${action}`));
const readWriteDelete = (type: string) => [`${type}/read`, `${type}/write`, `${type}/delete`];

/**
 * Azure's own roles for registries, by their names.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
 */
export const builtInRegistryRoles = {
  AcrDelete: {
    guid: 'c2f4ef07-c644-48eb-af81-4b1b4947fb11',
    actions: registries('artifacts/delete'),
  },
  AcrPull: {
    guid: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    actions: registries('pull/read'),
  },
  AcrPush: {
    guid: '8311e382-0749-4cb8-b61a-304f252e45ec',
    actions: registries('pull/read', 'push/write'),
  },
  'Container Registry Contributor and Data Access Configuration Administrator': {
    guid: '3bc748fc-213d-45c1-8d91-9da5725539b9',
    actions: [
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      ...registries(
        'operationStatuses/read',
        'read',
        'write',
        'delete',
        'listCredentials/action',
        'regenerateCredential/action',
        'generateCredentials/action',
        ...readWriteDelete('replications'),
        'replications/operationStatuses/read',
        'privateEndpointConnectionsApproval/action',
        ...readWriteDelete('privateEndpointConnections'),
        'privateEndpointConnections/operationStatuses/read',
        ...readWriteDelete('tokens'),
        'tokens/operationStatuses/read',
        ...readWriteDelete('scopeMaps'),
        'scopeMaps/operationStatuses/read',
        'providers/Microsoft.Insights/diagnosticSettings/read',
        'providers/Microsoft.Insights/diagnosticSettings/write',
        'providers/Microsoft.Insights/logDefinitions/read',
        'providers/Microsoft.Insights/metricDefinitions/read',
      ),
      'Microsoft.Resources/deployments/*',
      'Microsoft.Authorization/*/read',
      ...registries(
        ...readWriteDelete('connectedRegistries'),
        'connectedRegistries/deactivate/action',
        ...readWriteDelete('webhooks'),
        'webhooks/getCallbackConfig/action',
        'webhooks/ping/action',
        'webhooks/listEvents/action',
        'webhooks/operationStatuses/read',
      ),
      'Microsoft.Insights/AlertRules/Write',
      'Microsoft.Insights/AlertRules/Delete',
      'Microsoft.Insights/AlertRules/Read',
      'Microsoft.Insights/AlertRules/Activated/Action',
      'Microsoft.Insights/AlertRules/Resolved/Action',
      'Microsoft.Insights/AlertRules/Throttled/Action',
      'Microsoft.Insights/AlertRules/Incidents/Read',
      'Microsoft.ContainerRegistry/locations/operationResults/read',
      'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
      'Microsoft.Network/virtualNetworks/subnets/read',
      'Microsoft.Network/virtualNetworks/subnets/write',
      'Microsoft.Network/virtualNetworks/read',
      'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write',
    ],
  },
  'Container Registry Data Importer and Data Reader': {
    guid: '577a9874-89fd-4f24-9dbd-b5034d0ad23a',
    actions: registries('importImage/action', 'read', 'pull/read'),
    dataActions: [...repositories('content/read', 'metadata/read'), ...registries('catalog/read')],
  },
  'Container Registry Repository Contributor': {
    guid: '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
    dataActions: repositories(
      'metadata/read',
      'content/read',
      'metadata/write',
      'content/write',
      'metadata/delete',
      'content/delete',
    ),
  },
  'Container Registry Repository Reader': {
    guid: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    dataActions: repositories('metadata/read', 'content/read'),
  },
  'Container Registry Repository Writer': {
    guid: '2a1e307c-b015-4ebd-883e-5b7698a07328',
    dataActions: repositories('metadata/read', 'content/read', 'metadata/write', 'content/write'),
  },
  'Container Registry Tasks Contributor': {
    guid: 'fb382eab-e894-4461-af04-94435c366c3f',
    actions: [
      ...registries(
        ...readWriteDelete('agentpools'),
        'agentpools/listQueueStatus/action',
        'agentpools/operationResults/status/read',
        'agentpools/operationStatuses/read',
        ...readWriteDelete('tasks'),
        'tasks/listDetails/action',
        'scheduleRun/action',
        'listBuildSourceUploadUrl/action',
        'runs/read',
        'runs/write',
        'runs/listLogSasUrl/action',
        'runs/cancel/action',
        ...readWriteDelete('taskruns'),
        'taskruns/listDetails/action',
        'taskruns/operationStatuses/read',
      ),
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      ...registries('read'),
    ],
  },
} satisfies Record<string, BuiltInRole>;
