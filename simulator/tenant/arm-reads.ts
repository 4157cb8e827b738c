import type { ArmAnswer, ArmRequest } from './arm-answer.ts';
import {
  deletedHolderNotFound,
  errorAnswer,
  keyNotFound,
  parentResourceNotFound,
  resourceNotFound,
  subscriptionNotFound,
} from './arm-errors.ts';
import { type ArmList, type Paging, toArmList, toPage } from './arm-paging.ts';
import { toKeyVersions, toListedKey } from './key-versions.ts';
import type { ArmBody, HolderType } from './tenant-contents.ts';
import type { TenantState } from './tenant-state.ts';

/** What an answer is made from. */
export interface ReadContext {
  state: TenantState;
  request: ArmRequest;
  /** Values of the places in the route's template */
  parts: Record<string, string>;
  paging: Paging & { endpoint: string };
}

type Read = (context: ReadContext) => ArmAnswer;

/** Answers the list at the request's path, page by page; what the caller may not read is left out without a word. */
export function answerList({ state, request, paging }: ReadContext): ArmAnswer {
  const { keys, ...list } = state.list(request.path);
  const type = /\/providers\/([^/]+\/[^/]+)\/?$/i.exec(request.path)?.[1];
  const seen = type ? keys.filter((key) => state.isReadable(key, `${type}/read`)) : keys;
  return ok(toPage({ ...list, keys: seen }, request, paging));
}

/** Answers a subscription. */
export function answerSubscription({ state, request, parts }: ReadContext): ArmAnswer {
  const body = state.get(request.path);
  return body ? ok(body) : subscriptionNotFound(parts.subscription ?? '');
}

/** Answers a resource of that type by its id. */
export function answerResource(type: string): Read {
  return ({ state, request, parts }) => {
    const body = state.get(request.path);
    return body ? ok(body) : resourceNotFound(`${type}/${parts.name}`, parts.group ?? '');
  };
}

/** Answers what lies in a resource of that type, page by page. */
export function answerChildren(type: string): Read {
  return withParent(type, ({ state, request, paging }) =>
    ok(toPage(state.list(request.path), request, paging)),
  );
}

/** Answers one thing that lies in a resource of that type. */
export function answerChild(type: string): Read {
  return withParent(type, ({ state, request, parts }) => {
    const body = state.get(request.path);
    return body ? ok(body) : resourceNotFound(`${type}/${parts.name}/${parts.child}`, parts.group ?? '');
  });
}

/** Answers a soft-deleted vault or Managed HSM. */
export function answerDeletedHolder(type: string): Read {
  return ({ state, request, parts }) => {
    const body = state.get(request.path);
    return body ? ok(body) : deletedHolderNotFound(type, parts.name ?? '');
  };
}

/** Answers whether a vault or Managed HSM could be created under the name in the request's body. */
export function answerNameCheck(type: HolderType): Read {
  return ({ state, request }) => {
    const name = (request.body as { name?: unknown } | undefined)?.name;
    if (typeof name !== 'string' || name === '') {
      return errorAnswer(400, 'BadRequest', "The parameter 'name' is required.");
    }
    if (!state.isNameTaken(type, name)) return ok({ nameAvailable: true });
    const what = type === 'vaults' ? 'vault' : 'managed HSM';
    const message = `The ${what} name '${name}' is already in use. Names are globally unique, and one that was deleted keeps its name until it is purged.`;
    return ok({ nameAvailable: false, reason: 'AlreadyExists', message });
  };
}

/** Answers the keys of a vault or Managed HSM in the short form that lists have. */
export function answerKeys(holder: HolderType): Read {
  return withHolder(holder, ({ state, request, paging }) =>
    ok(toPage(toListed(state.list(request.path)), request, paging)),
  );
}

/** Answers the newest version of a key. */
export function answerKey(holder: HolderType): Read {
  return withKey(holder, (_context, key) => ok(key));
}

/** Answers the versions of a key in the short form that lists have. */
export function answerVersions(holder: HolderType): Read {
  return withKey(holder, ({ state, request, paging }, key) =>
    ok(toPage(toListed(toVersions(key, state.list(request.path))), request, paging)),
  );
}

/** Answers one version of a key. */
export function answerVersion(holder: HolderType): Read {
  return withKey(holder, ({ state, request, parts }, key) => {
    const wanted = request.path.toLowerCase();
    const list = state.list(wanted.slice(0, wanted.lastIndexOf('/')));
    const { keys, read } = toVersions(key, list);
    return keys.includes(wanted) ? ok(read(wanted)) : keyNotFound(`${parts.key}/${parts.version}`);
  });
}

function withParent(type: string, read: Read): Read {
  return (context) => {
    const { state, request, parts } = context;
    const parentId = request.path.split('/').slice(0, 9).join('/');
    return state.get(parentId) ? read(context) : resourceNotFound(`${type}/${parts.name}`, parts.group ?? '');
  };
}

function withHolder(type: HolderType, read: Read): Read {
  return (context) => {
    const holderId = context.request.path.replace(/\/keys(\/.*)?$/i, '');
    if (!context.state.get(holderId)) return parentResourceNotFound(`${type}/keys`, holderId);
    return read(context);
  };
}

function withKey(type: HolderType, read: (context: ReadContext, key: ArmBody) => ArmAnswer): Read {
  return withHolder(type, (context) => {
    const key = context.state.get(context.request.path.replace(/\/versions(\/[^/]+)?$/i, ''));
    return key ? read(context, key) : keyNotFound(context.parts.key ?? '');
  });
}

function toVersions(key: ArmBody, { keys, read }: ArmList): ArmList {
  return toArmList(
    toKeyVersions(
      key,
      keys.map((id) => [id, read(id)]),
    ),
  );
}

function toListed({ keys, read }: ArmList): ArmList {
  return { keys, read: (id) => toListedKey(read(id)) };
}

function ok(body: unknown): ArmAnswer {
  return { kind: 'json', status: 200, body };
}
