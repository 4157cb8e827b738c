import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyIdentifier, toHost } from '../../../src/domain/estate/key-identifier.ts';

const holders = [
  { cloud: 'AzureCloud', holderKind: 'vault', suffix: 'vault.azure.net' },
  { cloud: 'AzureCloud', holderKind: 'managedHsm', suffix: 'managedhsm.azure.net' },
  { cloud: 'AzureUSGovernment', holderKind: 'vault', suffix: 'vault.usgovcloudapi.net' },
  { cloud: 'AzureUSGovernment', holderKind: 'managedHsm', suffix: 'managedhsm.usgovcloudapi.net' },
  { cloud: 'AzureChinaCloud', holderKind: 'vault', suffix: 'vault.azure.cn' },
  { cloud: 'AzureChinaCloud', holderKind: 'managedHsm', suffix: 'managedhsm.azure.cn' },
] as const;
const version = '0123456789abcdef0123456789abcdef';

describe.each(holders)('a key of a $holderKind in $cloud', ({ cloud, holderKind, suffix }) => {
  const host = `kv-images.${suffix}`;
  const holder = { host, holderKind, holderName: 'kv-images', cloud };

  it('is read without a version', () => {
    expect(parseKeyIdentifier(`https://${host}/keys/acr-cmk`)).toEqual({ ...holder, keyName: 'acr-cmk' });
  });

  it('is read with a version', () => {
    expect(parseKeyIdentifier(`https://${host}/keys/acr-cmk/${version}`)).toEqual({
      ...holder,
      keyName: 'acr-cmk',
      keyVersion: version,
    });
  });

  it.each([
    ['a port', `https://${host}:443/keys/acr-cmk`],
    ['another port', `https://${host}:8443/keys/acr-cmk`],
    ['an upper-case host', `https://${host.toUpperCase()}/keys/acr-cmk`],
    ['an upper-case scheme and collection', `HTTPS://${host}/KEYS/acr-cmk`],
    ['a trailing slash', `https://${host}/keys/acr-cmk/`],
    ['doubled slashes', `https://${host}//keys//acr-cmk`],
    ['a trailing dot', `https://${host}./keys/acr-cmk`],
    ['blanks around it', `  https://${host}/keys/acr-cmk\n`],
    ['a query and a fragment', `https://${host}/keys/acr-cmk?api-version=7.4#x`],
  ])('is read with %s', (_, identifier) => {
    expect(parseKeyIdentifier(identifier)).toEqual({ ...holder, keyName: 'acr-cmk' });
  });

  it('is read with port, version and trailing slash at once', () => {
    expect(parseKeyIdentifier(`https://${host}:443/keys/acr-cmk/${version}/`)).toMatchObject({
      host,
      keyVersion: version,
    });
  });
});

describe('a key identifier', () => {
  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['blanks', '   '],
    ['a name alone', 'acr-cmk'],
    ['no scheme', 'kv-images.vault.azure.net/keys/acr-cmk'],
    ['no scheme but a port', 'kv-images.vault.azure.net:443/keys/acr-cmk'],
    ['no host', 'https:///'],
    ['a path', '/keys/acr-cmk'],
    ['an IPv6 address', 'https://[::1]/keys/acr-cmk'],
    ['characters that no host has', 'https://kv_images.vault.azure.net/keys/acr-cmk'],
  ])('of %s is none', (_, identifier) => {
    expect(parseKeyIdentifier(identifier)).toBeUndefined();
    expect(toHost(identifier)).toBeUndefined();
  });

  it.each([
    'https://keys.example.com/keys/acr-cmk',
    'https://kv.images.vault.azure.net/keys/acr-cmk',
    'https://vault.azure.net/keys/acr-cmk',
    'https://kv-images.vault.azure.net.example.com/keys/acr-cmk',
    'https://kv-imagesvault.azure.net/keys/acr-cmk',
  ])('at %s is at no known kind of key holder', (identifier) => {
    expect(parseKeyIdentifier(identifier)).toEqual({
      host: new URL(identifier).hostname,
      holderKind: 'unknown',
      keyName: 'acr-cmk',
    });
  });

  it.each([
    'https://kv-images.vault.azure.net',
    'https://kv-images.vault.azure.net/secrets/acr-cmk',
    'https://kv-images.vault.azure.net/keys/',
  ])('that names no key, as %s, still names its key holder', (identifier) => {
    expect(parseKeyIdentifier(identifier)).toEqual({
      host: 'kv-images.vault.azure.net',
      holderKind: 'vault',
      holderName: 'kv-images',
      cloud: 'AzureCloud',
    });
  });
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{1,20}[a-z0-9]$/);
const identifiers = fc
  .record({
    name: label,
    suffix: fc.constantFrom(...holders.map((holder) => holder.suffix), 'example.com'),
    port: fc.constantFrom('', ':443'),
    key: label,
    version: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined }),
    end: fc.constantFrom('', '/'),
  })
  .map(
    ({ name, suffix, port, key, version, end }) =>
      `https://${name}.${suffix}${port}/keys/${key}${version ? `/${version}` : ''}${end}`,
  );

describe('for every key identifier', () => {
  it('reading what was read gives the same again', () => {
    fc.assert(
      fc.property(identifiers, (identifier) => {
        const once = parseKeyIdentifier(identifier);
        const { host, keyName, keyVersion } = once ?? {};
        const plain = ['https:/', host, 'keys', keyName, keyVersion].filter(Boolean).join('/');
        expect(parseKeyIdentifier(plain)).toEqual(once);
      }),
    );
  });

  it('the key holder is the same in any casing', () => {
    const casings = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(identifiers, casings, (identifier, upper) => {
        const mixed = [...identifier].map((char, at) => (upper[at] ? char.toUpperCase() : char)).join('');
        const { keyName, keyVersion, ...holder } = parseKeyIdentifier(identifier) ?? {};
        const read = parseKeyIdentifier(mixed);
        expect(read).toMatchObject(holder);
        expect([read?.keyName?.toLowerCase(), read?.keyVersion?.toLowerCase()]).toEqual([
          keyName,
          keyVersion,
        ]);
      }),
    );
  });

  it('a host that was read is read again as itself, whatever the text was', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (text) => {
        const host = toHost(text);
        if (host !== undefined) expect(toHost(`https://${host}/`)).toBe(host);
      }),
    );
  });
});
