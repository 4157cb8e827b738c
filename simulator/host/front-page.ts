import type { LoopbackRequest, LoopbackResponse } from './loopback-server.ts';
import type { HttpFunction, RegisteredFunction } from './registered-function.ts';

/** Where functions are answered, and what they are. */
interface FrontPageOptions {
  functions: readonly RegisteredFunction[];
  routePrefix: string;
}

/** Creates the page at `/`: what the app answers and how to ask it; `undefined` for any other path. */
export function createFrontPage({ functions, routePrefix }: FrontPageOptions) {
  const http = functions.filter((one) => one.trigger === 'http');
  const rows = http.map((one) => `<tr><td>${one.methods[0]}</td><td>${toLink(one, routePrefix)}</td></tr>`);
  return ({ method, url }: LoopbackRequest): LoopbackResponse | undefined => {
    if (url.pathname !== '/' || (method !== 'GET' && method !== 'HEAD')) return undefined;
    const ask = `curl -H "x-functions-key: KEY" ${url.origin}/${routePrefix}/health`;
    return {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
      body: `<!doctype html>
<html lang="en">
<title>acr-cmk-monitor, local host</title>
<style>body { font: 1rem/1.5 system-ui; max-width: 50rem; margin: 2rem auto; padding: 0 1rem } td { padding-right: 1rem }</style>
<h1>acr-cmk-monitor is running</h1>
<p>This is the local functions host. It answers with the function key that it printed when it started:</p>
<pre>${escapeHtml(ask)}</pre>
<p><code>/${routePrefix}/health</code> tells how the monitor is doing and when it last swept. What else it answers:</p>
<table>${rows.join('\n')}</table>
</html>
`,
    };
  };
}

/** Answers a path that nothing has, and says what is near: the Functions host answers 404 for a wrong method as well. */
export function answerNotFound({ method, url }: LoopbackRequest): LoopbackResponse {
  const detail = `Nothing answers ${method} ${url.pathname}; ${url.origin}/ lists what is answered`;
  return {
    status: 404,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify({ type: 'about:blank', title: 'Not found', status: 404, detail }),
  };
}

/** A path without parameters can be followed once there is a key in it. */
function toLink({ route, methods }: HttpFunction, routePrefix: string): string {
  const path = escapeHtml(`/${routePrefix}/${route}`);
  const isPlain = methods.includes('GET') && !route.includes('{');
  return isPlain ? `<a href="${path}"><code>${path}</code></a>` : `<code>${path}</code>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
