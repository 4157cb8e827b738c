import type { PipelineResponse } from '@azure/core-rest-pipeline';

/** Asks with api versions that a cloud knows. */
export interface ApiVersions {
  /** The address to ask, with the version that is known to serve in place of one that was refused. */
  toKnown(url: string): string;
  /** Where an answer refuses a version and names others: the address to ask instead, and what to say of it. */
  learn(url: string, answer: Pick<PipelineResponse, 'status' | 'bodyAsText'>): NewVersion | undefined;
}

interface NewVersion {
  url: string;
  message: string;
}

/**
 * Codes that refuse an api version: of a provider in a region, of a type, and of Resource Manager itself
 * (https://github.com/Azure/azure-cli/issues/18320, https://github.com/Azure/azure-powershell/issues/6031).
 */
const refusing =
  /"(NoRegisteredProviderFound|InvalidResourceType|InvalidApiVersionParameter|InvalidApiVersion|UnsupportedApiVersion)"/i;

/** Most of a message that is looked at, in characters. */
const maxBody = 20_000;

/** Builds the memory of the versions that one Resource Manager knows. */
export function createApiVersions(): ApiVersions {
  const known = new Map<string, string>();
  return {
    toKnown(url) {
      const { version, type } = readAddress(url);
      const instead = version && known.get(toKey(type, version));
      return instead ? withVersion(url, instead) : url;
    },
    learn(url, { status, bodyAsText }) {
      if (status !== 400 && status !== 404) return undefined;
      const body = (bodyAsText ?? '').slice(0, maxBody);
      const { version, type } = readAddress(url);
      const newest = refusing.test(body) ? toNewest(body, version) : undefined;
      if (!version || !newest) return undefined;
      known.set(toKey(type, version), newest);
      const message = `${type} is asked for with api version ${newest}: Azure does not know ${version} here`;
      return { url: withVersion(url, newest), message };
    },
  };
}

function toKey(type: string, version: string): string {
  return `${type}|${version}`;
}

/** The newest version that is named besides the refused one; a preview only where there is nothing else. */
function toNewest(body: string, refused: string | undefined): string | undefined {
  const [, supported = ''] = /supported (?:api-)?versions are '([^']*)'/i.exec(body) ?? [];
  const versions = supported.match(/\d{4}-\d\d-\d\d(-[a-z]+)?\b/gi)?.filter((one) => one !== refused) ?? [];
  const stable = versions.filter((one) => /^[\d-]+$/.test(one));
  return (stable.length > 0 ? stable : versions).toSorted().at(-1);
}

/** The version that an address asks with, and the type of what it asks for. */
function readAddress(url: string): { version: string | undefined; type: string } {
  const { pathname, searchParams } = new URL(url);
  const [namespace = 'subscriptions', ...rest] =
    pathname
      .split(/\/providers\//i)
      .at(-1)
      ?.split('/') ?? [];
  // Types and names take turns; what stands alone at the end is a list or an action.
  const types = rest.filter((_, index) => index % 2 === 0);
  return {
    version: searchParams.get('api-version') ?? undefined,
    type: [namespace, ...types].join('/').toLowerCase(),
  };
}

function withVersion(url: string, version: string): string {
  return url.replace(/([?&]api-version=)[^&#]*/i, `$1${version}`);
}
