import type { ArmRequest } from '../../simulator/tenant/arm-answer.ts';
import { resourceNotFound } from '../../simulator/tenant/arm-errors.ts';
import type { SimulatedTenant } from '../../simulator/tenant/simulated-tenant.ts';
import type { Store } from '../../src/monitor/ports/ports.ts';
import { toId } from './fixture.ts';

const all = { limit: 1_000 };

/** What is stored of a registry, in short. */
export async function readView(store: Store, registryId: string) {
  const id = toId(registryId);
  const registry = await store.findings.readRegistry(id);
  const findings = await store.findings.readFindings(id);
  const { items } = await store.queries.history(id, all);
  return {
    state: registry?.state,
    revision: registry?.revision ?? 0,
    verdicts: Object.fromEntries(
      Object.entries(registry?.verdicts ?? {}).map(([rule, { outcome, reason }]) => [
        rule,
        `${outcome} ${reason}`,
      ]),
    ),
    findings: Object.fromEntries(findings.map(({ rule, status }) => [rule, status])),
    /** One text a history row, oldest first. */
    history: items.reverse().map(({ transitions }) => transitions.map((t) => `${t.transition} ${t.rule}`)),
  };
}

/** Reads all due assessments, whenever they are due. */
export function listAllDue(store: Store) {
  return store.due.listDue('9999', 10_000);
}

/** The paths that a tenant was asked for since then, shortened to their last two parts. */
export function listCalls(tenant: SimulatedTenant, since = 0): string[] {
  return tenant.calls.slice(since).map(({ path }) => path.split('/').slice(-2).join('/'));
}

/** Holds the first answer about a resource as it is now, whatever becomes of the resource meanwhile. */
export function holdAnswer(tenant: SimulatedTenant, isHeld: (request: ArmRequest) => boolean) {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isTaken = false;
  tenant.intercept(async (request) => {
    if (isTaken || !isHeld(request)) return undefined;
    isTaken = true;
    const body = tenant.get(request.path);
    arrived.resolve();
    await released.promise;
    return body ? { kind: 'json', status: 200, body } : resourceNotFound(request.path, 'rg');
  });
  return { arrived: arrived.promise, release: () => released.resolve() };
}
