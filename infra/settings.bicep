metadata description = 'The settings that an operator may tune: the names are those of the README, the defaults are in the code.'

@export()
@description('Settings of the monitor, each as text; an empty one takes its default.')
type settings = {
  @description('Address of Resource Manager, where it is not the cloud\'s own.')
  ARM_ENDPOINT: string?

  @description('graph: sweeps read the tenant from Resource Graph; arm: by lists of each subscription.')
  INVENTORY: string?

  @description('Most requests to Azure under way at once.')
  AZURE_CONCURRENCY: string?

  @description('Longest time for a sweep, in minutes; the function is stopped after 30.')
  SWEEP_TIMEOUT_MINUTES: string?

  @description('When to sweep: NCRONTAB with six fields, UTC.')
  SWEEP_SCHEDULE: string?

  @description('Days after which a registry is read anew though nothing seems to have changed.')
  REASSESS_DAYS: string?

  @description('What is worth an alert: critical, high, medium or low.')
  ALERT_MIN_SEVERITY: string?

  @description('Waits before the repeats of a failed delivery, separated by commas.')
  ALERT_RETRY_SCHEDULE: string?

  @description('Rules that are off by default and should run, separated by commas, or all.')
  RULES_ENABLED: string?

  @description('Rules that should not run, separated by commas.')
  RULES_DISABLED: string?

  @description('Days before its expiry from which a key counts as expiring.')
  KEY_EXPIRY_WARNING_DAYS: string?

  @description('Least days that a deleted key holder must be kept.')
  SOFT_DELETE_MIN_DAYS: string?

  @description('Days after which the key version in use counts as old.')
  KEY_MAX_AGE_DAYS: string?

  @description('Least length of an RSA key, in bits.')
  KEY_MIN_BITS: string?

  @description('Hours within which a registry has to take over a new version of its key.')
  KEY_ROTATION_LAG_HOURS: string?

  @description('What to make of a user-assigned identity behind a closed firewall with the bypass for trusted services: unknown, pass or fail.')
  TRUSTED_SERVICES_USER_IDENTITY: string?
}
