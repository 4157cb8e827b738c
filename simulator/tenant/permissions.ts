import { toArmKey } from './arm-key.ts';
import type { UnreadableScope } from './tenant-contents.ts';

/** Creates a function that tells whether the caller may do something at a scope. */
export function createPermissions(unreadable: UnreadableScope[]): (scope: string, action: string) => boolean {
  const denied = unreadable.map(({ scope, action }) => ({
    scope: `${toArmKey(scope)}/`,
    action: action?.toLowerCase(),
  }));
  return (scope, action) => {
    if (denied.length === 0) return true;
    const asked = `${toArmKey(scope)}/`;
    return !denied.some(
      (one) =>
        asked.startsWith(one.scope) && (one.action === undefined || one.action === action.toLowerCase()),
    );
  };
}
