import { expect, it } from 'vitest';
import { keepsAuditEvents, mayKeepAuditEvents } from '../../../src/domain/estate/diagnostic-settings.ts';

const toSetting = (logs?: string[], hasDestination = true) => ({
  name: 'audit',
  ...(logs ? { logs } : {}),
  hasDestination,
});

it.each([
  ['none', [], false, false],
  ['one that keeps the category', [toSetting(['auditevent'])], true, false],
  ['one that keeps group audit', [toSetting(['audit'])], true, false],
  ['one that keeps all logs', [toSetting(['alllogs'])], true, false],
  ['one that keeps something else', [toSetting(['azurepolicyevaluationdetails'])], false, false],
  ['one that keeps nothing', [toSetting([])], false, false],
  ['one that sends them nowhere', [toSetting(['auditevent'], false)], false, false],
  ['one that does not tell', [toSetting()], false, true],
  ['one that does not tell, and sends it nowhere', [toSetting(undefined, false)], false, false],
  ['several, one of which keeps them', [toSetting([]), toSetting(), toSetting(['audit'])], true, true],
])('of settings, %s', (_, settings, keeps, may) => {
  expect(keepsAuditEvents(settings)).toBe(keeps);
  expect(mayKeepAuditEvents(settings)).toBe(may);
});
