import { beforeAll, describe, expect, it } from 'vitest';
import { startMonitorHost, toEvent } from './monitor-host.ts';
import { registry } from './small-tenant.ts';

const fault = 'ALERT_WEBHOOK_SECRET is a Key Vault reference';
const reference = '@Microsoft.KeyVault(SecretUri=https://kv-secrets.vault.azure.net/secrets/webhook)';

let monitor: Awaited<ReturnType<typeof startMonitorHost>>;

beforeAll(async () => {
  monitor = await startMonitorHost({ changes: { ALERT_WEBHOOK_SECRET: reference } });
});

describe('a sink whose secret could not be resolved', () => {
  it('is off, and nothing else: sweeps, events and lists go on', async () => {
    await monitor.host.runTimer('sweep');
    await monitor.host.runTimer('followUp');
    expect(await monitor.send([toEvent(registry('acrplain'))])).toBe(202);
    expect((await monitor.getAll('/api/findings')).items).not.toEqual([]);
    expect(monitor.receiver.deliveries).toEqual([]);
  });

  it('is told by health, which is degraded', async () => {
    const { status, reasons } = await monitor.getJson<{ status: string; reasons: unknown[] }>('/api/health');
    expect(status).toBe('degraded');
    expect(reasons).toContainEqual({
      part: 'sinks',
      code: 'switched_off',
      detail: expect.stringContaining(fault),
    });
  });

  it.each(['sweep', 'followUp'])('is told as an error by each run of %s', async (timer) => {
    monitor.lines.length = 0;
    await monitor.host.runTimer(timer);
    expect(monitor.lines).toContainEqual(
      expect.objectContaining({ level: 'error', category: timer, message: expect.stringContaining(fault) }),
    );
  });
});
