import type { Subject } from './subject.ts';

/** The encryption identity as a registry's body names it: client id or `system`; an expression of Bicep. */
export function toBicepIdentity({ identity }: Subject): string {
  return identity.kind === 'system' ? "'system'" : 'identityClientId';
}

/** As {@link toBicepIdentity}, an expression of Terraform. */
export function toTerraformIdentity({ identity }: Subject): string {
  return identity.kind === 'system' ? '"system"' : 'var.identity_client_id';
}
