import type { ArmBody } from './tenant-contents.ts';

/** What a lock's body is built from. */
export interface LockOptions {
  /** Id of the subscription, resource group or resource that it locks */
  scope: string;
  name?: string;
  level?: 'CanNotDelete' | 'ReadOnly';
}

/** Builds a management lock's body in the shape of api version 2020-05-01. */
export function lockBody({ scope, name = 'do-not-delete', level = 'CanNotDelete' }: LockOptions): ArmBody {
  return {
    properties: { level, notes: 'Images are encrypted by a key in here.' },
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    type: 'Microsoft.Authorization/locks',
    name,
  };
}
