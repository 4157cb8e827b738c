import type { ArmAnswer, ArmRequest } from './arm-answer.ts';
import {
  answerChild,
  answerChildren,
  answerDeletedHolder,
  answerKey,
  answerKeys,
  answerList,
  answerNameCheck,
  answerResource,
  answerSubscription,
  answerVersion,
  answerVersions,
  type ReadContext,
} from './arm-reads.ts';
import { deletedTypes, type HolderType } from './tenant-contents.ts';

/** One kind of request that the simulated Resource Manager answers below a subscription. */
interface Route {
  method: 'GET' | 'POST';
  /** Path with places in braces, matched without case */
  template: string;
  /** The action that the caller needs at the path's scope; absent: whoever sees the subscription may */
  action?: string;
  answer(context: ReadContext): ArmAnswer;
}

/** A route that fits a request, with the values of its places. */
export interface RouteMatch {
  route: Route;
  parts: Record<string, string>;
}

const subscription = '/subscriptions/{subscription}';
const group = `${subscription}/resourceGroups/{group}`;
const topics = 'Microsoft.EventGrid/systemTopics';
const topicSubscriptions = `${group}/providers/${topics}/{name}/eventSubscriptions`;

const routes: Route[] = [
  { method: 'GET', template: subscription, answer: answerSubscription },
  ...resourceRoutes('Microsoft.ContainerRegistry/registries'),
  ...resourceRoutes('Microsoft.ManagedIdentity/userAssignedIdentities'),
  ...resourceRoutes('Microsoft.Web/sites'),
  ...resourceRoutes(topics),
  get(topicSubscriptions, `${topics}/eventSubscriptions`, answerChildren(topics)),
  get(`${topicSubscriptions}/{child}`, `${topics}/eventSubscriptions`, answerChild(topics)),
  ...holderRoutes('vaults', 'checkNameAvailability'),
  ...holderRoutes('managedHSMs', 'checkMhsmNameAvailability'),
];

const patterns = routes.map((route) => ({ route, pattern: toPattern(route.template) }));

/** Finds the route of a request; undefined where Resource Manager knows no such path. */
export function findRoute({ method, path }: ArmRequest): RouteMatch | undefined {
  for (const { route, pattern } of patterns) {
    const parts = route.method === method ? pattern.exec(path)?.groups : undefined;
    if (parts) return { route, parts };
  }
  return undefined;
}

function toPattern(template: string): RegExp {
  const pattern = template.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${pattern}/?$`, 'i');
}

function get(template: string, action: string, answer: Route['answer']): Route {
  return { method: 'GET', template, action: `${action}/read`, answer };
}

function resourceRoutes(type: string): Route[] {
  return [
    get(`${subscription}/providers/${type}`, type, answerList),
    get(`${group}/providers/${type}`, type, answerList),
    get(`${group}/providers/${type}/{name}`, type, answerResource(type)),
  ];
}

function holderRoutes(holder: HolderType, nameCheck: string): Route[] {
  const namespace = 'Microsoft.KeyVault';
  const deleted = deletedTypes[holder];
  const provider = `${subscription}/providers/${namespace}`;
  const keys = `${group}/providers/${namespace}/${holder}/{name}/keys`;
  const keyAction = `${namespace}/${holder}/keys`;
  return [
    ...resourceRoutes(`${namespace}/${holder}`),
    get(`${provider}/${deleted}`, `${namespace}/${deleted}`, answerList),
    get(
      `${provider}/locations/{location}/${deleted}/{name}`,
      `${namespace}/locations/${deleted}`,
      answerDeletedHolder(deleted),
    ),
    {
      method: 'POST',
      template: `${provider}/${nameCheck}`,
      action: `${namespace}/${nameCheck}/read`,
      answer: answerNameCheck(holder),
    },
    get(keys, keyAction, answerKeys(holder)),
    get(`${keys}/{key}`, keyAction, answerKey(holder)),
    get(`${keys}/{key}/versions`, `${keyAction}/versions`, answerVersions(holder)),
    get(`${keys}/{key}/versions/{version}`, `${keyAction}/versions`, answerVersion(holder)),
  ];
}
