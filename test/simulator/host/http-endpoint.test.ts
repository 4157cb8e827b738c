import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, type HttpRequest, HttpResponse } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { startFixtureHost } from './fixture-host.ts';

const echo = async (request: HttpRequest) => ({
  jsonBody: {
    method: request.method,
    params: request.params,
    query: [...request.query],
    header: request.headers.get('x-colour'),
    text: await request.text(),
  },
});

describe('routes', () => {
  it('hands over parameters, query, headers and body', async () => {
    const { host } = await startFixtureHost(() =>
      app.http('echo', {
        route: 'registries/{subscription}/{name}/{view?}',
        methods: ['POST'],
        authLevel: 'anonymous',
        handler: echo,
      }),
    );
    const response = await fetch(`${host.url}/api/Registries/s%201/a%2Fb?limit=5&cursor=x%3D`, {
      method: 'POST',
      headers: { 'x-colour': 'blue' },
      body: 'hello',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({
      method: 'POST',
      params: { subscription: 's 1', name: 'a%2Fb' },
      query: [
        ['limit', '5'],
        ['cursor', 'x='],
      ],
      header: 'blue',
      text: 'hello',
    });
  });

  it('joins a repeated query parameter by commas, as Azure does', async () => {
    const { host } = await startFixtureHost(() => app.get('echo', echo));
    const response = await fetch(`${host.url}/api/echo?status=open&status=closed`);
    expect(await response.json()).toMatchObject({ query: [['status', 'open,closed']] });
  });

  it('prefers literals to parameters, and parameters to a rest', async () => {
    const { host } = await startFixtureHost(() => {
      for (const [name, route] of [
        ['rest', 'a/{*rest}'],
        ['param', 'a/{b}'],
        ['literal', 'a/b'],
      ] as const) {
        app.get(name, { route, handler: ({ params }) => ({ jsonBody: { name, params } }) });
      }
    });
    const read = async (path: string) => (await fetch(`${host.url}/api/${path}`)).json();
    expect(await read('a/b')).toEqual({ name: 'literal', params: {} });
    expect(await read('a/c')).toEqual({ name: 'param', params: { b: 'c' } });
    expect(await read('a/c/d%20e')).toEqual({ name: 'rest', params: { rest: 'c/d e' } });
  });

  it('answers 404 for an unknown route and for a wrong method', async () => {
    const { host } = await startFixtureHost(() => app.get('known', echo));
    expect((await fetch(`${host.url}/api/unknown`)).status).toBe(404);
    expect((await fetch(`${host.url}/known`)).status).toBe(404);
    expect((await fetch(`${host.url}/api/known/more`)).status).toBe(404);
    expect((await fetch(`${host.url}/api/known`, { method: 'DELETE' })).status).toBe(404);
  });

  it('says in problem details where to look', async () => {
    const { host } = await startFixtureHost(() => app.get('known', echo));
    for (const path of ['/api/unknown', '/api//known', '/admin']) {
      const response = await fetch(host.url + path);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        404,
        'application/problem+json',
      ]);
      expect(await response.json()).toMatchObject({
        title: 'Not found',
        status: 404,
        detail: `Nothing answers GET ${path}; ${host.url}/ lists what is answered`,
      });
    }
  });

  it('shows at / what is answered', async () => {
    const { host } = await startFixtureHost(() => {
      app.get('known', { route: 'known', handler: echo });
      app.get('one', { route: 'known/{id}', handler: echo });
    });
    const response = await fetch(`${host.url}/`);
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(page).toContain('<a href="/api/known">');
    expect(page).toContain('<code>/api/known/{id}</code>');
    expect(page).not.toContain(host.functionKey);
  });

  it('takes the route prefix from host.json', async () => {
    const hostJson = join(mkdtempSync(join(tmpdir(), 'host-')), 'host.json');
    writeFileSync(hostJson, '{ "extensions": { "http": { "routePrefix": "v1/" } } } // comment');
    const { host } = await startFixtureHost(() => app.get('echo', echo), { hostJson });
    expect((await fetch(`${host.url}/v1/echo`)).status).toBe(200);
    expect((await fetch(`${host.url}/api/echo`)).status).toBe(404);
  });

  it('refuses a route that it does not understand', async () => {
    const start = startFixtureHost(() => app.get('byId', { route: 'items/{id:int}', handler: echo }));
    await expect(start).rejects.toThrow("Route 'api/items/{id:int}'");
  });
});

describe('answers', () => {
  it('sends status, headers, cookies and body', async () => {
    const { host } = await startFixtureHost(() =>
      app.get('made', () => ({
        status: 202,
        headers: { 'x-colour': 'red' },
        cookies: [{ name: 'a', value: '1', httpOnly: true, sameSite: 'Lax', path: '/' }],
        body: 'done',
      })),
    );
    const response = await fetch(`${host.url}/api/made`);
    expect(response.status).toBe(202);
    expect(response.headers.get('x-colour')).toBe('red');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/; HttpOnly; SameSite=lax']);
    expect(await response.text()).toBe('done');
  });

  it('takes an HttpResponse, and answers 204 where a function returns nothing', async () => {
    const { host } = await startFixtureHost(() => {
      app.get('response', () => new HttpResponse({ status: 503, jsonBody: { stale: true } }));
      app.get('nothing', () => undefined as never);
    });
    const response = await fetch(`${host.url}/api/response`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ stale: true });
    expect((await fetch(`${host.url}/api/nothing`)).status).toBe(204);
  });

  it('answers 500 without a body when a function throws, and logs the error', async () => {
    const { host, lines } = await startFixtureHost(() =>
      app.get('broken', () => {
        throw new Error('out of order');
      }),
    );
    const response = await fetch(`${host.url}/api/broken`);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('');
    expect(lines.find(({ level }) => level === 'error')).toMatchObject({
      category: 'broken',
      message: expect.stringContaining('out of order'),
      error: expect.any(Error),
    });
  });
});

describe('keys', () => {
  const levels = () => {
    for (const authLevel of ['anonymous', 'function', 'admin'] as const) {
      app.get(authLevel, { authLevel, handler: () => ({ body: 'in' }) });
    }
  };

  it.each([
    ['anonymous', undefined, 200],
    ['function', undefined, 401],
    ['function', 'wrong', 401],
    ['function', 'function-key', 200],
    ['function', 'master-key', 200],
    ['admin', 'function-key', 401],
    ['admin', 'master-key', 200],
  ])('%s with key %s answers %i', async (route, key, status) => {
    const { host, lines } = await startFixtureHost(levels);
    const byHeader = await fetch(`${host.url}/api/${route}`, {
      headers: key ? { 'x-functions-key': key } : {},
    });
    const byCode = await fetch(`${host.url}/api/${route}${key ? `?code=${key}` : ''}`);
    expect([byHeader.status, byCode.status]).toEqual([status, status]);
    expect(await byHeader.text()).toBe(status === 401 ? '' : 'in');
    expect(JSON.stringify(lines)).not.toContain('-key');
  });

  it('does not look at the code where there is a header', async () => {
    const { host } = await startFixtureHost(levels);
    const headers = { 'x-functions-key': 'wrong' };
    expect((await fetch(`${host.url}/api/function?code=function-key`, { headers })).status).toBe(401);
    expect((await fetch(`${host.url}/api/function?CODE=function-key`)).status).toBe(200);
  });
});
