import { AuthenticationError, CredentialUnavailableError, ManagedIdentityCredential } from '@azure/identity';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ArmAnswer } from '../../../simulator/tenant/arm-answer.ts';
import { errorAnswer } from '../../../simulator/tenant/arm-errors.ts';
import {
  type ArmFixtureOptions,
  hsm,
  now,
  observe,
  operations,
  registry,
  silentLog,
  startArm,
  startTestRun,
  subscription,
  subscriptionId,
  toId,
  token,
  vault,
} from './arm-fixture.ts';

const calls = Object.entries(operations);

async function open(options: ArmFixtureOptions = {}) {
  const { tenant, reader } = await startArm(options);
  onTestFinished(() => tenant.close());
  return { tenant, reader, run: startTestRun() };
}

/** Gives the answers one after the other, then those of the tenant. */
function inTurn(...answers: ArmAnswer[]) {
  return () => answers.shift();
}

describe('what is read', () => {
  it('is told with the time, the address and the status', async () => {
    const { tenant, reader, run } = await open();
    const id = toId(registry.id.replace('resourceGroups', 'resourcegroups').replace('/images', '/IMAGES'));
    expect(await reader.readRegistry(id, run)).toMatchObject({
      state: 'found',
      value: { id: { id: registry.id }, encryption: { status: 'disabled' } },
      reading: {
        what: 'registry',
        id: id.id,
        at: now,
        from: expect.stringMatching(
          `^GET ${tenant.armEndpoint}${subscription}/resourceGroups/rg-images/.*/IMAGES\\?api-version=[-0-9a-z]+$`,
        ),
        status: 200,
      },
    });
    expect(run.calls).toBe(1);
  });

  it('costs one call each, where nothing is paged', async () => {
    const { reader } = await open();
    for (const [name, { call }] of calls) {
      const { answer, calls: made } = await observe(reader, call);
      expect([name, made]).toEqual([name, 1]);
      if (!Array.isArray(answer)) expect([name, answer?.state]).toEqual([name, 'found']);
    }
  });

  it('tells vaults and Managed HSMs of the same name apart', async () => {
    const { reader, run } = await open();
    const isFree = async (kind: 'vault' | 'managedHsm', name: string) => {
      const answer = await reader.isNameFree(kind, name, subscriptionId, run);
      return answer?.state === 'found' && answer.value;
    };
    expect([await isFree('vault', 'kv-images'), await isFree('managedHsm', 'kv-images')]).toEqual([
      false,
      true,
    ]);
    expect(await reader.readKeyHolder(toId(vault.id), run)).toMatchObject({ value: { kind: 'vault' } });
    expect(await reader.readKeyHolder(toId(hsm.id), run)).toMatchObject({ value: { kind: 'managedHsm' } });
  });

  it('of a soft-deleted vault is found by a location as resources write it', async () => {
    const { reader, run } = await open();
    const where = { kind: 'vault', name: 'kv-old', subscriptionId, location: 'West Europe' } as const;
    expect(await reader.readDeletedKeyHolder(where, run)).toMatchObject({ value: { state: 'deleted' } });
  });
});

describe('a call that fails at first', () => {
  const good = { state: 'found', reading: { status: 200 } };

  it.each<[string, ArmAnswer]>([
    ['throttled', errorAnswer(429, 'TooManyRequests', 'later', { 'retry-after': '0' })],
    ['failed', { kind: 'json', status: 500, body: 'An error has occurred.' }],
    ['broken', { kind: 'reset' }],
  ])('is repeated when %s, and every attempt is counted', async (_, fault) => {
    const { tenant, reader, run } = await open({ intercept: inTurn(fault, fault) });
    expect(await reader.readKeyHolder(toId(vault.id), run)).toMatchObject(good);
    expect([run.calls, tenant.calls.length]).toEqual([3, 3]);
  });

  it('is not repeated when throttled without being told for how long', async () => {
    const { reader, run } = await open({ intercept: inTurn(errorAnswer(429, 'TooManyRequests', 'later')) });
    await expect(reader.readKeyHolder(toId(vault.id), run)).rejects.toThrow('HTTP 429');
    expect(await reader.readKeyHolder(toId(vault.id), run)).toMatchObject(good);
  });
});

describe('the time of a run', () => {
  it.each(calls)('ends a call under way at once: %s', async (_, { call }) => {
    const { tenant, reader } = await open({ intercept: () => ({ kind: 'silence' }) });
    const controller = new AbortController();
    const outcome = observe(reader, call, {
      log: silentLog,
      signal: controller.signal,
      calls: 0,
      rowsWritten: 0,
      deliveries: [],
    });
    await expect.poll(() => tenant.calls.length).toBe(1);
    controller.abort();
    expect((await outcome).failure?.message).toContain('no answer in time');
  });

  it('that ends before Azure wants to be asked again does not forget when that is', async () => {
    const answer = errorAnswer(429, 'TooManyRequests', 'later', { 'retry-after': '90' });
    const { reader } = await open({ intercept: () => answer });
    const outcomes = await Promise.all(
      calls.map(([, { call }]) => observe(reader, call, startTestRun(3_000))),
    );
    for (const { failure, calls: made } of outcomes) {
      expect(failure).toMatchObject({ retryAfter: 90_000, message: expect.stringContaining('in time') });
      expect(made).toBe(1);
    }
  });

  it('that is over sends nothing', async () => {
    const { tenant, reader } = await open();
    for (const [, { call }] of calls) {
      const outcome = await observe(reader, call, {
        log: silentLog,
        signal: AbortSignal.abort(),
        calls: 0,
        rowsWritten: 0,
        deliveries: [],
      });
      expect(outcome.failure?.message).toContain('no answer in time');
    }
    expect(tenant.calls).toEqual([]);
  });

  it('ends a call whose credential does not listen', async () => {
    const { tenant, reader } = await open({ credential: { getToken: () => new Promise(() => {}) } });
    const { failure } = await observe(reader, (r, run) => r.listSubscriptions(run), startTestRun(50));
    expect(failure).toMatchObject({
      message: expect.stringContaining('no answer in time'),
      isSignIn: false,
    });
    expect(tenant.calls).toEqual([]);
  });
});

describe('a call without a token', () => {
  it.each([
    new CredentialUnavailableError('No identity here.\nSecond line with details'),
    new AuthenticationError(400, { error: 'invalid_client', error_description: 'AADSTS7000215: no' }),
  ])('is a sign-in that failed, in one line: %s', async (error) => {
    const credential = { getToken: () => Promise.reject(error) };
    const { tenant, reader } = await open({ credential });
    for (const [, { call }] of calls) {
      const { failure } = await observe(reader, call);
      expect(failure).toMatchObject({ isSignIn: true, message: expect.stringMatching(/: no token: .+$/) });
    }
    expect(tenant.calls).toEqual([]);
  });

  it('is one when the identity endpoint refuses', async () => {
    const { tenant, reader, run } = await open({ credential: new ManagedIdentityCredential() });
    vi.stubEnv('IDENTITY_ENDPOINT', tenant.identityEndpoint);
    vi.stubEnv('IDENTITY_HEADER', 'wrong');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await expect(reader.listSubscriptions(run)).rejects.toMatchObject({
      name: 'ReadFailure',
      isSignIn: true,
    });
  });
});

it.each(['10000000000000000', 'Fri, 31 Dec 9999 23:59:59 GMT', '86401'])(
  'is asked to wait for a day at most: %s',
  async (wait) => {
    const headers = { 'retry-after-ms': '1', 'retry-after': wait };
    const { reader } = await open({ intercept: () => errorAnswer(429, 'TooManyRequests', 'later', headers) });
    const { failure } = await observe(reader, (azure, run) => azure.readRegistry(toId(registry.id), run));
    expect(failure).toMatchObject({ status: 429, retryAfter: 86_400_000 });
  },
);

it.each(['soon', '-1', '1e16'])('is not asked to wait by a header that tells no time: %s', async (wait) => {
  const headers = { 'retry-after-ms': '1', 'retry-after': wait };
  const { reader } = await open({ intercept: () => errorAnswer(429, 'TooManyRequests', 'later', headers) });
  const { failure } = await observe(reader, (azure, run) => azure.readRegistry(toId(registry.id), run));
  expect(failure?.retryAfter ?? 0).toBe(0);
});

it('does not follow a redirect to another host', async () => {
  const other = await open();
  const { reader, run } = await open({
    intercept: ({ path }) => ({
      kind: 'json',
      status: 307,
      headers: { location: `${other.tenant.armEndpoint}${path}?api-version=1` },
      body: null,
    }),
  });
  await expect(reader.readRegistry(toId(registry.id), run)).rejects.toThrow('HTTP 307');
  expect(other.tenant.calls).toEqual([]);
});

it('makes of any JSON at all an answer or a failure that tells nothing of the body', async () => {
  const { tenant, reader } = await open();
  const anyCall = fc.constantFrom(...calls);
  const anyStatus = fc.constantFrom(200, 201, 400, 403, 404, 409, 410);
  const anyBody = fc.oneof(
    fc.jsonValue(),
    fc.record({
      value: fc.jsonValue(),
      error: fc.jsonValue(),
      id: fc.jsonValue(),
      properties: fc.jsonValue(),
    }),
    fc.record({ error: fc.record({ code: fc.string() }) }),
  );
  await fc.assert(
    fc.asyncProperty(anyCall, anyStatus, anyBody, async ([, { call, named }], status, body) => {
      tenant.intercept(() => ({ kind: 'json', status, body }));
      const { failure } = await observe(reader, call);
      if (!failure) return;
      expect(failure.message).toContain(named);
      expect(failure.message).not.toContain(token);
      expect(failure.message.length).toBeLessThan(400);
    }),
    { numRuns: 200 },
  );
});
