/** What refuses changes in a tenant, beside its own rules; it counts from the next request on. */
export interface ChangeBehaviour {
  /** Ids of subscriptions that are disabled: everything can be read, nothing changed */
  disabledSubscriptions?: string[];
  /** Types of resources that a policy denies at a scope and below it */
  denied?: { scope: string; type: string; policy: string }[];
  /** How often an identity is not known yet when it is first given a role (0) */
  slowPrincipals?: number;
  /** How often secrets are asked for in vain (0) */
  slowSecrets?: number;
}
