/** What a list of extension resources is narrowed to. */
export interface ExtensionFilter {
  /** Only what applies at the scope, not what lies below it */
  atScope: boolean;
  principalId?: string;
  roleName?: string;
  /** `BuiltInRole` or `CustomRole` */
  roleType?: string;
}

const conditions: [pattern: RegExp, read: (value: string) => Partial<ExtensionFilter>][] = [
  [/^atScope\(\)$/i, () => ({ atScope: true })],
  [/^atScopeAndBelow\(\)$/i, () => ({})],
  // Azure resolves groups for assignedTo(); here nobody is in one.
  [/^(?:assignedTo\('([^']+)'\)|principalId eq '?([^']+)'?)$/i, (principalId) => ({ principalId })],
  [/^roleName eq '([^']+)'$/i, (roleName) => ({ roleName })],
  [/^type eq '([^']+)'$/i, (roleType) => ({ roleType })],
];

/** Reads `$filter` as Microsoft.Authorization takes it; undefined for one that it does not know. */
export function parseExtensionFilter(text: string | undefined): ExtensionFilter | undefined {
  let filter: ExtensionFilter = { atScope: false };
  for (const part of (text ?? '').split(/\s+and\s+/i)) {
    if (part.trim() === '') continue;
    const read = toCondition(part.trim());
    if (!read) return undefined;
    filter = { ...filter, ...read };
  }
  return filter;
}

function toCondition(part: string): Partial<ExtensionFilter> | undefined {
  for (const [pattern, read] of conditions) {
    const match = pattern.exec(part);
    if (match) return read(match.slice(1).find((value) => value !== undefined) ?? '');
  }
  return undefined;
}
