import { app } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { createGate, startFixtureHost } from './fixture-host.ts';

describe('an app', () => {
  it('is described by its functions', async () => {
    const { host, lines } = await startFixtureHost(() => {
      app.http('getRegistry', {
        route: 'registries/{name}',
        methods: ['GET'],
        authLevel: 'function',
        handler: () => ({}),
      });
      app.timer('sweep', { schedule: '0 0 * * * *', handler: () => {} });
      app.eventGrid('resourceChanged', { handler: () => {} });
      app.storageQueue('work', { queueName: 'q', connection: 'c', handler: () => {} });
    });
    expect(host.functions).toEqual([
      {
        trigger: 'http',
        name: 'getRegistry',
        route: 'registries/{name}',
        methods: ['GET'],
        authLevel: 'function',
      },
      { trigger: 'timer', name: 'sweep', schedule: '0 0 * * * *', runOnStartup: false },
      { trigger: 'eventGrid', name: 'resourceChanged' },
      { trigger: 'unsupported', name: 'work', type: 'queueTrigger' },
    ]);
    expect(lines).toEqual([
      {
        level: 'warning',
        category: 'work',
        source: 'system',
        message: "Nothing fires 'work' locally: its trigger is queueTrigger.",
      },
    ]);
  });

  it('without functions is an error', async () => {
    await expect(startFixtureHost(() => {})).rejects.toThrow('The app registered no function.');
  });

  it('with one name twice is an error', async () => {
    const start = startFixtureHost(() => {
      app.get('same', () => ({}));
      app.get('Same', () => ({}));
    });
    await expect(start).rejects.toThrow("Function 'Same' is registered twice.");
  });

  it('that fails to load is an error, and another can load afterwards', async () => {
    const broken = startFixtureHost(() => {
      throw new Error('configuration is incomplete');
    });
    await expect(broken).rejects.toThrow('configuration is incomplete');
    const { host } = await startFixtureHost(() => app.get('fine', () => ({})));
    expect(host.functions).toHaveLength(1);
  });

  it('can not register functions once it runs', async () => {
    await startFixtureHost(() => app.get('early', () => ({})));
    expect(() => app.get('late', () => ({}))).toThrow('only be registered during app startup');
  });
});

describe('two hosts in one process', () => {
  it('each run their own functions', async () => {
    const first = await startFixtureHost(() => app.get('name', () => ({ body: 'first' })));
    const second = await startFixtureHost(() => app.get('name', () => ({ body: 'second' })));
    const read = async (url: string) => (await fetch(`${url}/api/name`)).text();
    expect(await read(first.host.url)).toBe('first');
    expect(await read(second.host.url)).toBe('second');
  });

  it('can not load at the same time', async () => {
    const gate = createGate();
    const load = async () => {
      await gate.promise;
      app.get('slow', () => ({}));
    };
    const slow = startFixtureHost(() => {}, { load });
    await expect(startFixtureHost(() => app.get('fast', () => ({})))).rejects.toThrow('still loading');
    gate.resolve();
    await slow;
  });

  it('can not share a port', async () => {
    const { host } = await startFixtureHost(() => app.get('name', () => ({})));
    const port = Number(new URL(host.url).port);
    const second = startFixtureHost(() => app.get('name', () => ({})), { port });
    await expect(second).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
  });
});

describe('hooks', () => {
  it('run around the app and around each invocation', async () => {
    const order: string[] = [];
    const { host } = await startFixtureHost(() => {
      app.hook.appStart(() => void order.push('appStart'));
      app.hook.appTerminate(() => void order.push('appTerminate'));
      app.hook.preInvocation((context) => {
        order.push(`before ${context.invocationContext.functionName}`);
        context.hookData.colour = 'blue';
        context.functionHandler = () => ({ body: 'replaced' });
      });
      app.hook.postInvocation((context) => {
        order.push(`after, ${context.hookData.colour}`);
      });
      app.get('hooked', () => ({ body: 'original' }));
    });
    expect(await (await fetch(`${host.url}/api/hooked`)).text()).toBe('replaced');
    await host.close();
    await host.close();
    expect(order).toEqual(['appStart', 'before hooked', 'after, blue', 'appTerminate']);
  });

  it('are gone once they are disposed of', async () => {
    const order: string[] = [];
    const { host } = await startFixtureHost(() => {
      app.hook.preInvocation(() => void order.push('called')).dispose();
      app.get('plain', () => ({}));
    });
    await fetch(`${host.url}/api/plain`);
    expect(order).toEqual([]);
  });
});

describe('the log', () => {
  it('names function, level, source and invocation of each line', async () => {
    const { host, lines } = await startFixtureHost(() => {
      app.hook.log((context) => {
        context.message = context.message.replace('secret', '***');
      });
      app.get('talk', (_, context) => {
        context.warn('colour %s, secret', 'blue');
        return {};
      });
    });
    await fetch(`${host.url}/api/talk?code=hidden`);
    const invocationId = expect.any(String);
    expect(lines).toEqual([
      { level: 'warning', category: 'talk', source: 'user', message: 'colour blue, ***', invocationId },
      {
        level: 'debug',
        category: 'talk',
        source: 'system',
        message: expect.stringMatching(/^Executed 'talk' \(succeeded, \d+ ms\)\.$/),
        invocationId,
      },
    ]);
  });
});

describe('close', () => {
  it('lets a running request end', async () => {
    const gate = createGate();
    const started = createGate();
    const { host } = await startFixtureHost(
      () =>
        app.get('slow', async () => {
          started.resolve();
          await gate.promise;
          return { body: 'finished' };
        }),
      { graceMs: 10_000 },
    );
    const answer = fetch(`${host.url}/api/slow`);
    await started.promise;
    const closed = host.close();
    gate.resolve();
    expect(await (await answer).text()).toBe('finished');
    await closed;
    await expect(fetch(`${host.url}/api/slow`)).rejects.toThrow();
  });
});
