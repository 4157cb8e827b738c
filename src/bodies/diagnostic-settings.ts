import * as z from 'zod';
import type { DiagnosticSetting } from '../domain/estate/diagnostic-settings.ts';
import { toPresent } from '../domain/estate/present.ts';
import type { Reading } from '../domain/estate/reading.ts';
import { asWritten, optionalBag, parse, text } from './fields.ts';

const SettingsBody = z.object({ value: z.array(z.unknown()) });

const SettingBody = optionalBag.pipe(
  z.object({
    name: text,
    properties: optionalBag.pipe(
      z.object({
        workspaceId: text,
        storageAccountId: text,
        eventHubAuthorizationRuleId: text,
        serviceBusRuleId: text,
        marketplacePartnerId: text,
        logs: asWritten,
      }),
    ),
  }),
);

const LogBody = z.object({ category: text, categoryGroup: text, enabled: z.boolean() });

/** Reads the list of a resource's diagnostic settings. */
export function toDiagnosticSettings(body: unknown, reading: Reading): DiagnosticSetting[] {
  return parse(SettingsBody, body, reading).value.map(toSetting);
}

function toSetting(body: unknown): DiagnosticSetting {
  const { name = '', properties } = SettingBody.parse(body);
  const { logs, ...destinations } = properties;
  return {
    name,
    ...toPresent({ logs: toLogs(logs) }),
    hasDestination: Object.values(destinations).some(
      (destination) => destination !== undefined && destination !== '',
    ),
  };
}

/** A setting without a list of logs sends none. */
function toLogs(body: unknown): string[] | undefined {
  if (body === undefined) return [];
  const logs = z.array(LogBody).safeParse(body).data;
  return logs
    ?.filter(({ enabled }) => enabled)
    .flatMap(({ category, categoryGroup }) =>
      [category, categoryGroup].flatMap((log) => log?.toLowerCase() ?? []),
    );
}
