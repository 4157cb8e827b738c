/** Types of what lies at the scope of something else, in Azure's own casing. */
export const extensionTypes = [
  'Microsoft.Authorization/roleAssignments',
  'Microsoft.Authorization/roleDefinitions',
  'Microsoft.Authorization/locks',
  'Microsoft.Insights/diagnosticSettings',
  'Microsoft.EventGrid/eventSubscriptions',
] as const;

/** One of these types. */
export type ExtensionType = (typeof extensionTypes)[number];

/** Where an extension resource lies, or where a list of them was asked for. */
export interface ExtensionPath {
  /** As it was written; the tenant's is the empty string */
  scope: string;
  type: ExtensionType;
  /** Absent for a list */
  name?: string;
}

const pattern = new RegExp(
  `^(.*)/providers/(${extensionTypes.join('|').replaceAll('.', '\\.')})(?:/([^/]+))?/?$`,
  'i',
);

/** Reads the path of an extension resource or of a list of them; undefined for any other path. */
export function parseExtensionPath(path: string): ExtensionPath | undefined {
  const [, scope = '', found, name] = pattern.exec(path) ?? [];
  const type = extensionTypes.find((one) => one.toLowerCase() === found?.toLowerCase());
  return type && { scope, type, ...(name ? { name } : {}) };
}
