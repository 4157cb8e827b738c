import { expect, it } from 'vitest';
import type { Link } from '../../src/monitor/ports/ports.ts';
import type { CurrentStore } from './contract.ts';
import { later, now, registryAt, toCommit } from './samples.ts';

/** Which registries hang on which key holders. */
export function linkContract(current: CurrentStore): void {
  const id = registryAt(1);
  const host = 'one.vault.azure.net';
  const vaultId = '/subscriptions/x/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/one';

  async function commit(link: Omit<Link, 'registryId'> | undefined, unlinkHost?: string, registry = id) {
    const stored = await current().findings.readRegistry(registry);
    const result = await current().findings.commit(
      toCommit(registry, {
        ...(stored ? { etag: stored.etag } : {}),
        ...(link ? { link } : {}),
        ...(unlinkHost ? { unlinkHost } : {}),
      }),
    );
    expect(result.state).toBe('committed');
  }

  it('finds links in all partitions by the start of the host', async () => {
    for (const digit of [0, 7, 15]) await commit({ holderHost: host }, undefined, registryAt(digit));
    await commit({ holderHost: 'ones.vault.azure.net' }, undefined, registryAt(3));
    await commit({ holderHost: 'two.vault.azure.net' }, undefined, registryAt(4));
    expect(await current().findings.listLinks(host)).toHaveLength(3);
    expect(await current().findings.listLinks('ONE.')).toHaveLength(3);
    expect(await current().findings.listLinks('one')).toHaveLength(4);
    expect(await current().findings.listLinks('')).toHaveLength(5);
    expect(await current().findings.listLinks('none.')).toEqual([]);
  });

  it('keeps the id and the location that a holder was last seen with', async () => {
    const seen = { holderHost: host, holderId: '/subscriptions/x/vault', holderLocation: 'westeurope' };
    await commit(seen);
    await commit({ holderHost: host });
    expect(await current().findings.listLinks(host)).toStrictEqual([{ ...seen, registryId: id.id }]);
    await commit({ holderHost: host, holderLocation: 'northeurope' });
    expect(await current().findings.listLinks(host)).toMatchObject([
      { holderId: '/subscriptions/x/vault', holderLocation: 'northeurope' },
    ]);
  });

  it('keeps when all subscriptions were last searched for a holder, and where it was seen since', async () => {
    await commit({ holderHost: host, searchedAt: now });
    expect(await current().findings.listLinks(host)).toStrictEqual([
      { holderHost: host, searchedAt: now, registryId: id.id },
    ]);
    await commit({ holderHost: host });
    await commit({ holderHost: host, holderId: vaultId });
    expect(await current().findings.listLinks(host)).toStrictEqual([
      { holderHost: host, holderId: vaultId, searchedAt: now, registryId: id.id },
    ]);
    await commit({ holderHost: host, searchedAt: later });
    expect(await current().findings.listLinks(host)).toMatchObject([
      { holderId: vaultId, searchedAt: later },
    ]);
  });

  it('finds links in all partitions by the id of the holder, in any casing', async () => {
    for (const digit of [0, 7, 15]) {
      const holderId = digit === 7 ? vaultId.toUpperCase() : vaultId;
      await commit({ holderHost: `host${digit}.example`, holderId }, undefined, registryAt(digit));
    }
    await commit({ holderHost: host, holderId: `${vaultId}s` }, undefined, registryAt(3));
    await commit({ holderHost: host }, undefined, registryAt(4));
    const found = await current().findings.listLinksTo(vaultId.replace('vaults', 'VAULTS'));
    expect(found.map(({ holderHost }) => holderHost).sort()).toEqual([
      'host0.example',
      'host15.example',
      'host7.example',
    ]);
    expect(found).toContainEqual({
      holderHost: 'host7.example',
      holderId: vaultId.toUpperCase(),
      registryId: registryAt(7).id,
    });
    expect(await current().findings.listLinksTo(`${vaultId}' or '1' eq '1`)).toEqual([]);
  });

  it('finds links in all partitions by what their holder lies below, in any casing', async () => {
    const group = '/subscriptions/x/resourceGroups/rg';
    for (const digit of [0, 15]) {
      await commit({ holderHost: `host${digit}.example`, holderId: vaultId }, undefined, registryAt(digit));
    }
    await commit({ holderHost: host, holderId: vaultId.replace('/rg/', '/rg2/') }, undefined, registryAt(3));
    await commit({ holderHost: host }, undefined, registryAt(4));
    const found = await current().findings.listLinksBelow(group.toUpperCase());
    expect(found.map(({ holderHost }) => holderHost).sort()).toEqual(['host0.example', 'host15.example']);
    expect(await current().findings.listLinksBelow('/subscriptions/x/resourceGroups/r')).toEqual([]);
  });

  it('finds a link by the id that its holder has now', async () => {
    await commit({ holderHost: host, holderId: vaultId });
    await commit({ holderHost: host, holderId: `${vaultId}2` });
    expect(await current().findings.listLinksTo(vaultId)).toEqual([]);
    await commit({ holderHost: host });
    expect(await current().findings.listLinksTo(`${vaultId}2`)).toHaveLength(1);
  });

  it('moves a registry from one holder to another', async () => {
    await commit({ holderHost: host });
    await commit({ holderHost: 'two.vault.azure.net' }, host);
    expect(await current().findings.listLinks('')).toStrictEqual([
      { holderHost: 'two.vault.azure.net', registryId: id.id },
    ]);
  });

  it('commits although the link to remove is not there', async () => {
    await commit(undefined, host);
    expect(await current().findings.listLinks('')).toEqual([]);
  });

  it('keeps a link that is removed and written by one commit', async () => {
    await commit({ holderHost: host }, host.toUpperCase());
    expect(await current().findings.listLinks(host)).toHaveLength(1);
  });
}
