import * as z from 'zod';
import host from '../../host.json' with { type: 'json' };
import type { CloudName } from '../domain/estate/cloud.ts';
import { isSubscriptionId } from '../domain/estate/resource-id.ts';
import { withoutSlashes } from '../domain/estate/scope.ts';
import { type Severity, severities } from '../domain/record/verdict.ts';
import type { RuleOptions } from '../rules/rule-set.ts';
import { ConfigError, toFaults } from './config-error.ts';
import { toParts } from './list.ts';
import { ruleFields, toRuleOptions } from './rule-settings.ts';
import { parseSchedule } from './schedule.ts';
import { fault, isSafeTarget, setting, toNumber } from './setting-fields.ts';
import { readStore, type StoreConnection } from './store-connection.ts';
import { defaultSweepSchedule, readSweepSchedule } from './sweep-schedule.ts';

/** All settings, read and checked. */
export interface Config {
  store: StoreConnection;
  cloud: CloudName;
  /** Address of Resource Manager where it is not the cloud's own. */
  armEndpoint?: string;
  clientId?: string;
  subscriptionIds: string[];
  managementGroup?: string;
  /** Where a sweep reads whole tenants from. */
  inventory: 'graph' | 'arm';
  /** Most requests to Azure under way at once. */
  concurrency: number;
  sweepSchedule: string;
  /** Longest time for a sweep, in milliseconds. */
  sweepTimeout: number;
  reassessDays: number;
  /** Which rules are on, and from where on they fail. */
  rules: Required<RuleOptions>;
  /** Where alerts go. */
  sinks: { name: string; url: string; secret: string; minSeverity: Severity }[];
  /** Waits between the tries of an alert, in milliseconds. */
  retrySchedule: number[];
}

const clouds = new Map<string, CloudName>([
  ['azurecloud', 'AzureCloud'],
  ['azurepubliccloud', 'AzureCloud'],
  ['azureusgovernment', 'AzureUSGovernment'],
  ['azurechinacloud', 'AzureChinaCloud'],
]);

/** What DefaultAzureCredential understands (https://aka.ms/azsdk/js/identity/credential-chains). */
const tokenCredentials = [
  'dev',
  'prod',
  'EnvironmentCredential',
  'WorkloadIdentityCredential',
  'ManagedIdentityCredential',
  'VisualStudioCodeCredential',
  'AzureCliCredential',
  'AzurePowerShellCredential',
  'AzureDeveloperCliCredential',
];

const [hours = 0, minutes = 0] = host.functionTimeout.split(':').map(Number);

/** Longest time for a sweep, in minutes: past the function's own the host kills what runs, so it ends before. */
const longestSweep = hours * 60 + minutes - 2;

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Longest wait before a repeat, in milliseconds. */
const longestWait = 30 * 86_400_000;

const Settings = z.object({
  AZURE_CLOUD: setting('AzureCloud').transform((name, context) => {
    const cloud = clouds.get(name.toLowerCase());
    if (!cloud) return fault(context, 'must be AzureCloud, AzureUSGovernment or AzureChinaCloud');
    return cloud;
  }),
  ARM_ENDPOINT: setting('').transform((url, context) => {
    if (url === '') return undefined;
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed?.protocol !== 'https:' || parsed.username || parsed.password) {
      return fault(context, 'must be an https address without user name and password');
    }
    return withoutSlashes(url);
  }),
  AZURE_CLIENT_ID: setting('').transform((id, context) => {
    if (id !== '' && !isSubscriptionId(id))
      return fault(context, 'must be the client id of an identity, a GUID');
    return id || undefined;
  }),
  AZURE_TOKEN_CREDENTIALS: setting('').transform((name, context) => {
    const known = tokenCredentials.some((credential) => credential.toLowerCase() === name.toLowerCase());
    if (name !== '' && !known) return fault(context, `must be one of ${tokenCredentials.join(', ')}`);
    return name;
  }),
  SUBSCRIPTION_IDS: setting('').transform((list, context) => {
    const ids = toParts(list);
    const wrong = ids.find((id) => !isSubscriptionId(id));
    if (wrong) return fault(context, `must be subscription ids separated by commas; "${wrong}" is none`);
    return ids;
  }),
  MANAGEMENT_GROUP_ID: setting('').transform((id, context) => {
    if (id !== '' && !/^[\w().-]{1,90}$/.test(id))
      return fault(context, 'must be the id of a management group');
    return id || undefined;
  }),
  INVENTORY: setting('graph').transform((word, context) => {
    const inventory = (['graph', 'arm'] as const).find((known) => known === word.toLowerCase());
    if (!inventory) return fault(context, 'must be graph or arm');
    return inventory;
  }),
  AZURE_CONCURRENCY: setting('32').transform((text, context) =>
    toNumber(text, context, { from: 1, to: 256 }),
  ),
  SWEEP_TIMEOUT_MINUTES: setting('25').transform((text, context) =>
    toNumber(text, context, { from: 1, to: longestSweep }),
  ),
  SWEEP_SCHEDULE: setting(defaultSweepSchedule).transform((schedule, context) => {
    const { fault: wrong } = readSweepSchedule({ SWEEP_SCHEDULE: schedule });
    if (wrong) {
      return fault(context, `${wrong}; it is an NCRONTAB expression, e.g. "0 0 * * * *" for every hour`);
    }
    return schedule;
  }),
  REASSESS_DAYS: setting('7').transform((days, context) => {
    const number = Number(days);
    if (!(number > 0 && number <= 365))
      return fault(context, 'must be a number of days, more than 0 and up to 365');
    return number;
  }),
  ...ruleFields,
  ALERT_WEBHOOK_URL: setting('').transform((url, context) => {
    if (isUnresolved(url)) return fault(context, unresolved);
    if (url !== '' && !isSafeTarget(url)) {
      return fault(
        context,
        'must be an https address (http only on loopback) without user name and password; its value is not shown, it is a secret',
      );
    }
    return url;
  }),
  ALERT_WEBHOOK_SECRET: setting('').transform((secret, context) => {
    if (isUnresolved(secret)) return fault(context, unresolved);
    if (secret !== '' && !isSigningSecret(secret)) {
      return fault(
        context,
        'must be "whsec_" followed by base64 of 16 bytes or more; its value is not shown, it is a secret',
      );
    }
    return secret;
  }),
  ALERT_MIN_SEVERITY: setting('medium').transform((word, context) => {
    const severity = severities.find((known) => known === word.toLowerCase());
    if (!severity) return fault(context, `must be one of ${severities.join(', ')}`);
    return severity;
  }),
  ALERT_RETRY_SCHEDULE: setting('5s,5m,30m,2h,5h,10h,14h,20h,24h').transform((list, context) => {
    const waits = list.split(',').map((part) => /^(\d+(?:\.\d+)?)([smhd])$/.exec(part.trim()));
    if (waits.some((match) => !match))
      return fault(context, 'must be times separated by commas, e.g. "5s,5m,2h"');
    if (waits.length > 30 || waits.some((match) => toMilliseconds(match) > longestWait)) {
      return fault(context, 'must be at most 30 times of at most 30 days each');
    }
    return waits.map(toMilliseconds);
  }),
});

const unresolved =
  'is a Key Vault reference that the app could not resolve yet: see its state among the app’s settings, and refresh it';

/** A setting whose secret the host could not fetch is the text of its reference. */
function isUnresolved(value: string): boolean {
  return /^@Microsoft\.KeyVault\(/i.test(value);
}

/** Reads and checks all settings; throws {@link ConfigError} that names every faulty one. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Settings.safeParse(env);
  const faults = toFaults(parsed);
  const store = readStore(env, parsed.data?.AZURE_CLOUD ?? 'AzureCloud', faults);
  if (env.ALERT_WEBHOOK_URL?.trim() && !env.ALERT_WEBHOOK_SECRET?.trim()) {
    faults.push('ALERT_WEBHOOK_SECRET is missing: alerts to ALERT_WEBHOOK_URL are signed with it');
  }
  if (!parsed.success || !store || faults.length > 0) throw new ConfigError(faults);
  const settings = parsed.data;
  return {
    store,
    cloud: settings.AZURE_CLOUD,
    ...(settings.ARM_ENDPOINT ? { armEndpoint: settings.ARM_ENDPOINT } : {}),
    ...(settings.AZURE_CLIENT_ID ? { clientId: settings.AZURE_CLIENT_ID } : {}),
    subscriptionIds: settings.SUBSCRIPTION_IDS,
    ...(settings.MANAGEMENT_GROUP_ID ? { managementGroup: settings.MANAGEMENT_GROUP_ID } : {}),
    inventory: settings.INVENTORY,
    concurrency: settings.AZURE_CONCURRENCY,
    sweepSchedule: settings.SWEEP_SCHEDULE,
    sweepTimeout: settings.SWEEP_TIMEOUT_MINUTES * 60_000,
    reassessDays: settings.REASSESS_DAYS,
    rules: toRuleOptions(settings),
    sinks: settings.ALERT_WEBHOOK_URL
      ? [
          {
            name: 'webhook',
            url: settings.ALERT_WEBHOOK_URL,
            secret: settings.ALERT_WEBHOOK_SECRET,
            minSeverity: settings.ALERT_MIN_SEVERITY,
          },
        ]
      : [],
    retrySchedule: settings.ALERT_RETRY_SCHEDULE,
  };
}

/** Longest time between two runs of a schedule that was read, in milliseconds. */
export function toInterval(schedule: string): number {
  return parseSchedule(schedule).longestGap;
}

function toMilliseconds(match: RegExpExecArray | null): number {
  return Number(match?.[1]) * (units[match?.[2] ?? 's'] ?? 0);
}

function isSigningSecret(secret: string): boolean {
  const base64 = secret.replace(/^whsec_/, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && Buffer.from(base64, 'base64').length >= 16;
}
