import { expect, it, vi } from 'vitest';
import { startMonitorHost } from '../monitor-host.ts';

it('POST /api/alerts/test answers 409 where no webhook is set', async () => {
  const { host } = await startMonitorHost();
  // Settings are read by the first request that needs them.
  vi.stubEnv('ALERT_WEBHOOK_URL', '');
  const response = await fetch(`${host.url}/api/alerts/test`, {
    method: 'POST',
    headers: { 'x-functions-key': host.functionKey },
  });
  expect([response.status, await response.json()]).toEqual([
    409,
    {
      type: 'about:blank',
      title: 'Nowhere to send it',
      status: 409,
      detail: 'ALERT_WEBHOOK_URL is not set',
    },
  ]);
});
