import { describe, expect, it } from 'vitest';
import { diagnosticSettingBody } from '../../simulator/tenant/diagnostic-setting-body.ts';
import { toDiagnosticSettings } from '../../src/bodies/diagnostic-settings.ts';
import { ReadFailure } from '../../src/domain/estate/read-failure.ts';
import type { Reading } from '../../src/domain/estate/reading.ts';

const scope = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-images';
const reading: Reading = {
  what: 'diagnosticSettings',
  id: scope,
  at: '2026-08-01T06:00:00.000Z',
  from: 'GET',
  status: 200,
};
const read = (...value: unknown[]) => toDiagnosticSettings({ value }, reading);
const readProperties = (properties: unknown) => read({ name: 'audit', properties })[0];

describe('diagnostic settings', () => {
  it('give what they keep and whether they send it anywhere, not where', () => {
    const settings = read(
      diagnosticSettingBody({ scope, name: 'a' }),
      diagnosticSettingBody({ scope, name: 'b', categoryGroups: ['audit', 'allLogs'] }),
    );
    expect(settings).toEqual([
      { name: 'a', logs: ['auditevent'], hasDestination: true },
      { name: 'b', logs: ['audit', 'alllogs'], hasDestination: true },
    ]);
  });

  it('can be none', () => {
    expect(read()).toEqual([]);
  });

  it.each([
    'workspaceId',
    'storageAccountId',
    'eventHubAuthorizationRuleId',
    'serviceBusRuleId',
    'marketplacePartnerId',
  ])('send somewhere by %s', (destination) => {
    expect(readProperties({ logs: [], [destination]: '/id' })?.hasDestination).toBe(true);
    expect(readProperties({ logs: [], [destination]: null })?.hasDestination).toBe(false);
    expect(readProperties({ logs: [], [destination]: '' })?.hasDestination).toBe(false);
  });

  it.each([
    [undefined, []],
    [null, []],
    [[], []],
    [[{ category: 'AuditEvent', enabled: false }], []],
    [[{ category: null, categoryGroup: null, enabled: true }], []],
  ])('keep nothing with logs %j', (logs, expected) => {
    expect(readProperties({ logs })?.logs).toEqual(expected);
  });

  it.each(['AuditEvent', {}, ['AuditEvent'], [null], [{ category: 'AuditEvent' }], [{ enabled: 'true' }]])(
    'do not tell what they keep with logs %j',
    (logs) => expect(readProperties({ logs })).not.toHaveProperty('logs'),
  );

  it.each([null, 'setting', {}, { properties: null }])('that are %j send nothing anywhere', (odd) => {
    expect(read(odd)).toEqual([{ name: '', logs: [], hasDestination: false }]);
  });

  it.each([undefined, null, {}, [], { value: {} }, '<html></html>'])('are a failed call when %j', (body) => {
    expect(() => toDiagnosticSettings(body, reading)).toThrow(ReadFailure);
  });
});
