import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lockBody } from '../../simulator/tenant/lock-body.ts';
import { toGuid } from '../../simulator/tenant/managed-identity.ts';
import { readOnly } from '../../src/deployment/arm.ts';
import type { Scope } from '../../src/deployment/scope.ts';
import { type Deployment, ids, startForTest, toHash } from './deployed-monitor.ts';

const list = (...subscriptions: string[]): Scope => ({ kind: 'list', subscriptions });
const group: Scope = { kind: 'group', group: 'contoso' };
const groupScope = '/providers/Microsoft.Management/managementGroups/contoso';

const scopes: [string, Scope][] = [
  ['a list', list(...ids)],
  ['a management group', group],
];

/** Who may read what, by our roles: scope and principal. */
async function readers({ arm }: Deployment): Promise<string[]> {
  const roles = await arm.list(
    `/subscriptions/${ids[0]}/providers/Microsoft.Authorization/roleDefinitions`,
    "type eq 'CustomRole'",
  );
  const ours = roles.filter(({ properties }) => String(properties?.roleName).includes('monitor reader'));
  const places = [...ids.map((id) => `/subscriptions/${id}`), groupScope];
  const lists = await Promise.all(
    places.map((place) =>
      arm.list(`${place}/providers/Microsoft.Authorization/roleAssignments`, 'atScope()'),
    ),
  );
  const given = lists
    .flat()
    .filter(({ properties }) =>
      ours.some(({ name }) => String(properties?.roleDefinitionId).endsWith(String(name))),
    );
  return [...new Set(given.map(({ properties }) => String(properties?.scope).toLowerCase()))].sort();
}

/** Subscriptions whose events reach the monitor. */
async function subscribed({ arm }: Deployment, environment = 'monitor'): Promise<string[]> {
  const found = await Promise.all(
    ids.map(async (id) => {
      const topics = await arm.list(`/subscriptions/${id}/providers/Microsoft.EventGrid/systemTopics`);
      const all = await Promise.all(topics.map((topic) => arm.list(`${topic.id}/eventSubscriptions`)));
      return all.flat().some(({ name }) => name === `acr-cmk-monitor-${toHash(environment)}`) ? [id] : [];
    }),
  );
  return found.flat();
}

describe.each(scopes)('connecting by %s', (_, scope) => {
  const expected =
    scope.kind === 'group' ? [groupScope.toLowerCase()] : ids.map((id) => `/subscriptions/${id}`).sort();

  it('gives the right to read first, then subscribes all to their events', async () => {
    const deployment = await startForTest();
    const { failures, changes } = await deployment.connect(scope);
    expect(failures).toEqual([]);
    expect(await readers(deployment)).toEqual(expected);
    expect(await subscribed(deployment)).toEqual([...ids]);
    expect(changes.findIndex((one) => one.includes('/roleAssignments/'))).toBeLessThan(
      changes.findIndex((one) => one.includes('/systemTopics/')),
    );
  });

  it('changes nothing the second time', async () => {
    const deployment = await startForTest();
    await deployment.connect(scope, { guardrails: 'Audit' });
    const { failures, changes } = await deployment.connect(scope, { guardrails: 'Audit' });
    expect({ failures, changes }).toEqual({ failures: [], changes: [] });
  });

  it('changes nothing when it is only looked what would be done', async () => {
    const deployment = await startForTest();
    const { changes, failures, lines } = await deployment.connect(scope, { arm: readOnly(deployment.arm) });
    expect({ failures, changes }).toEqual({ failures: [], changes: [] });
    expect(lines).toContain(`- subscribe to the events of ${ids[3]}: made`);
  });

  it('sees to four of five where one refuses, says why, and does what is left the next time', async () => {
    const deployment = await startForTest();
    const bad = ids[2];
    const lock = lockBody({ scope: `/subscriptions/${bad}`, level: 'ReadOnly' });
    deployment.tenant.put(lock);
    const first = await deployment.connect(scope);
    expect(
      first.failures.every(({ what, reason }) => what.includes(bad) && reason.includes('ScopeLocked')),
    ).toBe(true);
    expect(first.failures.length).toBeGreaterThan(0);
    expect(await subscribed(deployment)).toEqual(ids.filter((id) => id !== bad));
    deployment.tenant.remove(lock.id);
    const second = await deployment.connect(scope);
    expect(second.failures).toEqual([]);
    expect(second.changes.filter((one) => !one.includes(bad) && !one.includes(groupScope))).toEqual([]);
    expect(await subscribed(deployment)).toEqual([...ids]);
    expect(await readers(deployment)).toEqual(expected);
  });

  it('does what is left after it was interrupted at any change', async () => {
    const whole = (await (await startForTest()).connect(scope)).changes.length;
    for (const stop of [1, Math.floor(whole / 3), Math.floor(whole / 2), whole - 2]) {
      const deployment = await startForTest();
      let made = 0;
      deployment.tenant.intercept(({ method }) => {
        if (method === 'GET') return undefined;
        made += 1;
        return made > stop
          ? {
              kind: 'json',
              status: 403,
              body: { error: { code: 'AuthorizationFailed', message: 'cut off' } },
            }
          : undefined;
      });
      expect((await deployment.connect(scope)).failures.length).toBeGreaterThan(0);
      deployment.tenant.intercept(undefined);
      expect((await deployment.connect(scope)).failures).toEqual([]);
      expect(await subscribed(deployment)).toEqual([...ids]);
      expect(await readers(deployment)).toEqual(expected);
      expect((await deployment.connect(scope)).changes).toEqual([]);
    }
  });

  it('waits for identities that are not known yet, for secrets and for the function', async () => {
    const deployment = await startForTest();
    const app = `/subscriptions/${ids[0]}/resourceGroups/rg-monitor/providers/Microsoft.Web/sites/func-${toHash('monitor')}`;
    const secret = `${app}/config/configreferences/appsettings/ALERT_WEBHOOK_URL`;
    deployment.tenant.put({
      id: secret,
      name: 'ALERT_WEBHOOK_URL',
      properties: { status: 'AccessToKeyVaultDenied' },
    });
    deployment.tenant.changes.slowPrincipals = 3;
    deployment.tenant.changes.slowSecrets = 2;
    deployment.tenant.remove(`${app}/functions/resourceChanged`);
    let looks = 0;
    deployment.tenant.intercept(({ path }) => {
      if (!path.endsWith('/functions/resourceChanged')) return undefined;
      looks += 1;
      if (looks === 3) deployment.tenant.put({ id: `${app}/functions/resourceChanged` });
      return undefined;
    });
    expect((await deployment.connect(scope)).failures).toEqual([]);
    expect(deployment.tenant.get(secret)?.properties?.status).toBe('Resolved');
    expect(await subscribed(deployment)).toEqual([...ids]);
  });

  it('is made again after the resource group was deleted by hand', async () => {
    const deployment = await startForTest();
    await deployment.connect(scope);
    await deployment.arm.remove(`/subscriptions/${ids[0]}/resourceGroups/rg-monitor`);
    deployment.deploy('monitor', 'second life');
    expect((await deployment.connect(scope)).failures).toEqual([]);
    expect((await deployment.connect(scope)).changes).toEqual([]);
    const reader = toGuid(`monitor id-${toHash('monitor')} second life`);
    const given = await deployment.arm.list(
      `/subscriptions/${ids[1]}/providers/Microsoft.Authorization/roleAssignments`,
      'atScope()',
    );
    expect(given.map(({ properties }) => properties?.principalId)).toContain(reader);
    expect(given.map(({ properties }) => properties?.principalId)).not.toContain(
      toGuid(`monitor id-${toHash('monitor')} `),
    );
  });

  it('leaves nothing when it is disconnected, also when the monitor is deleted already', async () => {
    for (const isDeleted of [false, true]) {
      const deployment = await startForTest();
      await deployment.connect(scope, { guardrails: 'Deny' });
      if (isDeleted) await deployment.arm.remove(`/subscriptions/${ids[0]}/resourceGroups/rg-monitor`);
      expect((await deployment.disconnect(scope, { isDryRun: true })).changes).toEqual([]);
      const { failures, left } = await deployment.disconnect(scope);
      expect({ failures, left }).toEqual({ failures: [], left: [] });
      expect(await deployment.leftovers()).toEqual([]);
      expect((await deployment.disconnect(scope)).failures).toEqual([]);
    }
  });
});

describe('a subscription that is taken off the list', () => {
  it('loses events, guardrails and the right to read, and the role forgets it', async () => {
    const deployment = await startForTest();
    await deployment.connect(list(...ids), { guardrails: 'Audit' });
    const { failures } = await deployment.connect(list(ids[1], ids[2]), { guardrails: 'Audit' });
    expect(failures).toEqual([]);
    expect(await subscribed(deployment)).toEqual([ids[1], ids[2]]);
    expect(await readers(deployment)).toEqual([ids[1], ids[2]].map((id) => `/subscriptions/${id}`).sort());
    expect((await deployment.connect(list(ids[1], ids[2]), { guardrails: 'Audit' })).changes).toEqual([]);
    expect((await deployment.disconnect(list(ids[1], ids[2]))).failures).toEqual([]);
    expect(await deployment.leftovers()).toEqual([]);
  });

  it.each(['disabled', 'gone'])('stops nobody when it is %s', async (state) => {
    const deployment = await startForTest();
    await deployment.connect(list(...ids));
    if (state === 'disabled') deployment.tenant.changes.disabledSubscriptions = [ids[4]];
    else deployment.tenant.remove(`/subscriptions/${ids[4]}`);
    const shrunk = await deployment.connect(list(...ids.slice(0, 4)));
    expect(shrunk.failures).toEqual([]);
    expect(shrunk.left.map(({ what }) => what)).toEqual([`disconnect ${ids[4]}`]);
    const down = await deployment.disconnect(list(...ids.slice(0, 4)));
    expect(down.failures).toEqual([]);
  });

  it('keeps its events where a management group takes its place', async () => {
    const deployment = await startForTest();
    await deployment.connect(list(...ids));
    expect((await deployment.connect(group)).failures).toEqual([]);
    expect(await subscribed(deployment)).toEqual([...ids]);
    expect(await readers(deployment)).toEqual([groupScope.toLowerCase()]);
    expect((await deployment.disconnect(group)).failures).toEqual([]);
    expect(await deployment.leftovers()).toEqual([]);
  });
});

describe('what stops one subscription', () => {
  it.each([
    ['a policy that denies', 'RequestDisallowedByPolicy'],
    ['being disabled', 'ReadOnlyDisabledSubscription'],
    ['not existing', 'LinkedAuthorizationFailed'],
  ])('by %s does not stop the others', async (how, code) => {
    const deployment = await startForTest();
    const missing = toGuid('missing');
    const bad = how === 'not existing' ? missing : ids[1];
    if (how === 'a policy that denies') {
      deployment.tenant.changes.denied = [
        { scope: `/subscriptions/${bad}`, type: 'Microsoft.EventGrid/systemTopics', policy: 'no-topics' },
      ];
    }
    if (how === 'being disabled') deployment.tenant.changes.disabledSubscriptions = [bad];
    const watched = how === 'not existing' ? [...ids, missing] : [...ids];
    const { failures } = await deployment.connect(list(...watched));
    expect(failures.some(({ reason }) => reason.includes(code))).toBe(true);
    expect(failures.filter(({ what }) => !what.includes(bad))).toEqual([]);
    expect(await subscribed(deployment)).toEqual(ids.filter((id) => id !== bad));
  });
});

describe('two monitors side by side', () => {
  it('share the one topic, and removing either takes nothing from the other', async () => {
    for (const removed of ['monitor', 'second']) {
      const deployment = await startForTest();
      deployment.deploy('second');
      expect((await deployment.connect(list(...ids))).failures).toEqual([]);
      expect((await deployment.connect(list(...ids), { environment: 'second' })).failures).toEqual([]);
      expect(await subscribed(deployment, 'second')).toEqual([...ids]);
      const { failures } = await deployment.disconnect(list(...ids), { environment: removed });
      expect(failures).toEqual([]);
      const other = removed === 'monitor' ? 'second' : 'monitor';
      expect(await subscribed(deployment, removed)).toEqual([]);
      expect(await subscribed(deployment, other)).toEqual([...ids]);
      expect((await deployment.connect(list(...ids), { environment: other })).changes).toEqual([]);
    }
  });
});

describe('a topic that somebody else made', () => {
  it('is joined with dead letters by its own identity, and left as it is in the end', async () => {
    const deployment = await startForTest();
    const group = `/subscriptions/${ids[1]}/resourceGroups/rg-automation`;
    const topic = `${group}/providers/Microsoft.EventGrid/systemTopics/evgt-automation`;
    deployment.tenant.put({ id: group, name: 'rg-automation', location: 'westeurope' });
    deployment.tenant.put({
      id: topic,
      name: 'evgt-automation',
      identity: { type: 'SystemAssigned', principalId: toGuid('automation') },
      properties: { source: `/subscriptions/${ids[1]}`, topicType: 'Microsoft.Resources.Subscriptions' },
    });
    expect((await deployment.connect(list(ids[1]))).failures).toEqual([]);
    const mine = deployment.tenant.get(`${topic}/eventSubscriptions/acr-cmk-monitor-${toHash('monitor')}`);
    expect(mine?.properties?.deadLetterWithResourceIdentity).toMatchObject({
      identity: { type: 'SystemAssigned' },
    });
    expect((await deployment.disconnect(list(ids[1]))).failures).toEqual([]);
    expect(deployment.tenant.get(topic)).toBeDefined();
    expect(await subscribed(deployment)).toEqual([]);
  });
});

describe('where there is no monitor', () => {
  it('nothing is done, and it is said what to do', async () => {
    const deployment = await startForTest();
    const { failures, changes } = await deployment.connect(list(...ids), { environment: 'elsewhere' });
    expect(changes).toEqual([]);
    expect(failures.map(({ reason }) => reason).join()).toContain('deploy infra/main.bicep first');
  });
});

describe('the hooks of azd', () => {
  const hooks = readFileSync('azure.yaml', 'utf8').split('\nhooks:')[1] ?? '';

  it('are run by Node.js alone, and remove nothing before azd has asked', () => {
    expect([...hooks.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name)).toEqual([
      'preprovision',
      'postprovision',
      'postdeploy',
      'postdown',
    ]);
    expect(hooks.match(/kind: js/g)).toHaveLength(4);
    expect(readFileSync('infra/hooks/postdown.js', 'utf8')).toContain("'--if-gone'");
  });

  it('name files that are there', () => {
    for (const [, file = ''] of hooks.matchAll(/run: (\S+),/g)) expect(existsSync(file)).toBe(true);
  });
});

describe('the policy for new subscriptions', () => {
  it('has rights by its own roles only, and leaves subscriptions with a topic of their own alone', async () => {
    const deployment = await startForTest();
    const topicGroup = `/subscriptions/${ids[1]}/resourceGroups/rg-automation`;
    deployment.tenant.put({ id: topicGroup, name: 'rg-automation', location: 'westeurope' });
    deployment.tenant.put({
      id: `${topicGroup}/providers/Microsoft.EventGrid/systemTopics/evgt-automation`,
      name: 'evgt-automation',
      properties: { source: `/subscriptions/${ids[1]}`, topicType: 'Microsoft.Resources.Subscriptions' },
    });
    expect((await deployment.connect(group)).failures).toEqual([]);
    const [assignment] = await deployment.arm.list(
      `${groupScope}/providers/Microsoft.Authorization/policyAssignments`,
    );
    expect(assignment?.identity?.type).toBe('SystemAssigned');
    expect(assignment?.properties?.notScopes).toEqual([`/subscriptions/${ids[1]}`]);
    expect(assignment?.name?.length).toBeLessThanOrEqual(24);
    const [definition] = await deployment.arm.list(
      `${groupScope}/providers/Microsoft.Authorization/policyDefinitions`,
    );
    const handed = Object.keys(assignment?.properties?.parameters as object).sort();
    expect(Object.keys(definition?.properties?.parameters as object).sort()).toEqual(handed);
    const template = JSON.parse(readFileSync('infra/modules/events/subscription.json', 'utf8'));
    expect(
      Object.keys(template.parameters)
        .filter((name) => name !== 'workspaceId')
        .sort(),
    ).toEqual(handed);
  });
});
