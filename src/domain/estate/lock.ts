/** A management lock that holds for a resource. */
export interface Lock {
  /** Resource id. */
  id: string;
  /** As Azure wrote it: `CanNotDelete` or `ReadOnly`. */
  level: string;
}

/** Whether a lock keeps a resource from being deleted. */
export function preventsDelete({ level }: Lock): boolean {
  return ['cannotdelete', 'readonly'].includes(level.toLowerCase());
}
