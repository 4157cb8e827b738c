/// <reference types="@kusto/language-service-next" />
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  managementGroupsQuery,
  registriesQuery,
  roleAssignmentsQuery,
  subscriptionsQuery,
  toIdentitiesQuery,
  toKeyHolderAtQuery,
  toKeyHoldersQuery,
  toPrincipalsQuery,
} from '../../../src/azure/graph/graph-queries.ts';

const columns =
  '(id:string, name:string, type:string, tenantId:string, location:string, resourceGroup:string, ' +
  'subscriptionId:string, sku:dynamic, identity:dynamic, properties:dynamic, tags:dynamic)';

/** Faults that Microsoft's own language service finds in a query on Resource Graph's tables. */
function findFaults(query: string): string[] {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Symbols, GlobalState, KustoCode } = Kusto.Language;
  const tables = ['resources', 'resourcecontainers', 'authorizationresources'].flatMap(
    (name) => Symbols.TableSymbol.From(columns)?.WithName(name) ?? [],
  );
  const globals = GlobalState.Default?.WithDatabase(new Symbols.DatabaseSymbol.ctor('graph', tables)) ?? null;
  const diagnostics = KustoCode.ParseAndAnalyze(query, globals)?.GetDiagnostics();
  if (!diagnostics) throw new Error('The language service gave no answer');
  return Array.from({ length: diagnostics.Count }, (_, index) => String(diagnostics.getItem(index)?.Message));
}

describe('queries to Resource Graph', () => {
  const queries = {
    registries: registriesQuery,
    subscriptions: subscriptionsQuery,
    vaults: toKeyHoldersQuery('vault', ['kv-one', 'kv-two']),
    'Managed HSMs': toKeyHoldersQuery('managedHsm', ['hsm-one']),
    'a vault of a host': toKeyHolderAtQuery('vault', 'keys.contoso.example'),
    'a Managed HSM of a host': toKeyHolderAtQuery('managedHsm', 'keys.contoso.example'),
    identities: toIdentitiesQuery(['id-one']),
    principals: toPrincipalsQuery(['3c9ac9a6-0d8e-4a53-9e0b-2f1f8f6c2e11']),
    'role assignments': roleAssignmentsQuery,
    'management groups': managementGroupsQuery,
  };

  it.each(Object.entries(queries))('for %s are Kusto without a fault', (_, query) => {
    expect(findFaults(query)).toEqual([]);
  });

  it.each(Object.entries(queries))(
    'for %s project the id and order by it, or rows are lost between pages',
    (_, query) => {
      expect(query).toMatch(/\| project id,/);
      expect(query).toMatch(/\| order by id asc$/);
    },
  );

  it('take any text as a name and nothing of it as Kusto', () => {
    const query = toKeyHoldersQuery('vault', ["a') | project x //", 'back\\slash', 'quo"te']);
    expect(findFaults(query)).toEqual([]);
    expect(query.split('\n')).toHaveLength(toKeyHoldersQuery('vault', ['kv']).split('\n').length);
  });

  it('would not pass with a misspelt column', () => {
    expect(findFaults(registriesQuery.replace('location', 'locaton'))).toEqual([
      expect.stringContaining("'locaton' does not refer to any known column"),
    ]);
  });
});
