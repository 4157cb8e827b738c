import { parse } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Posture } from '../../src/domain/estate/posture.ts';
import { catalog } from '../../src/rules/catalog.ts';
import { remedyOf, toCode } from './cases.ts';
import { holders, postureOf } from './postures.ts';
import { nastyText } from './texts.ts';
import { bicepCli, compileBicep, given, runBash, runScript } from './tools.ts';

const rules = catalog.map(({ id }) => id);
const nastyNames = fc.record({
  registry: nastyText,
  registryGroup: nastyText,
  registryLocation: nastyText,
  keyHolder: fc.constant('kv-images'),
  keyHolderLocation: nastyText,
  keyHolderGroup: nastyText,
  identityId: nastyText,
});
const nastyPostures: fc.Arbitrary<Posture> = fc
  .record({
    names: nastyNames,
    holder: fc.constantFrom(...holders),
    isPinned: fc.boolean(),
    version: nastyText,
    regions: fc.array(nastyText, { maxLength: 2 }),
    keys: fc.array(nastyText, { maxLength: 2 }),
  })
  .map(({ names, holder, isPinned, version, regions, keys }) =>
    postureOf({
      names,
      holder,
      isPinned,
      key: { version, keyOps: keys, kty: names.registry },
      // What a resource id can't hold is left to the names of the registry.
      found: { regions, name: names.registryGroup, accessPolicies: [{ objectId: names.registry, keys }] },
    }),
  );

const breakout = `'"\`\n$(touch pwned)\${x}%{y}\\\u2028; touch pwned #`;
const odd = {
  registry: breakout,
  registryGroup: breakout,
  registryLocation: breakout,
  keyHolderLocation: breakout,
  identityId: breakout,
};
const oddPostures = holders.map((holder) =>
  postureOf({ holder, names: odd, found: { name: breakout, regions: [breakout] } }),
);
const toNames = (value: unknown): string => JSON.stringify(value);

describe('names that are out to break a script', () => {
  it.each(rules)('reach az whole, and run nothing: %s', (rule) => {
    for (const posture of oddPostures) {
      const { az } = remedyOf(rule, posture);
      const { status, stderr, calls } = runScript(`${az}\n[ ! -e pwned ] || exit 99\n`, given);
      expect(`${stderr}${status}`).toBe('0');
      expect(calls.every(([command]) => /^[a-z]+$/.test(command ?? ''))).toBe(true);
    }
  });

  it('are the same in the arguments', () => {
    const [posture] = oddPostures;
    const { calls } = runScript(remedyOf('key_pinned', posture as Posture).az, given);
    const [call = []] = calls;
    expect(call[call.indexOf('--name') + 1]).toBe(breakout);
    expect(call[call.indexOf('--resource-group') + 1]).toBe(breakout);
    expect(call[call.indexOf('--identity') + 1]).toBe(breakout);
  });

  it('leave every script and command of verification one that bash parses, with the same commands as ever', {
    timeout: 120_000,
  }, () => {
    fc.assert(
      fc.property(nastyPostures, fc.constantFrom(...rules), (posture, rule) => {
        const { az, verify } = remedyOf(rule, posture);
        expect(runBash(az, ['-n']).status, az).toBe(0);
        const commands = runBash(`az() { printf 'az '; }\nacr-cmk() { printf 'assess'; }\n${verify}`);
        expect(commands.stdout, verify).toMatch(/^(az )+assess$/);
        expect(commands.stderr).toBe('');
      }),
      { numRuns: 60 },
    );
  });
});

it('Terraform’s parser finds the same blocks whatever the names are', async () => {
  await fc.assert(
    fc.asyncProperty(nastyPostures, fc.constantFrom(...rules), async (posture, rule) => {
      const parsed = await parse('main.tf', remedyOf(rule, posture).terraform);
      expect(
        Object.keys(parsed).every((block) =>
          /^(variable|terraform|provider|data|resource|import)$/.test(block),
        ),
      ).toBe(true);
      const resources = Object.keys(parsed.resource ?? {});
      expect(
        resources.every((type) => /^(azurerm|azapi)_[a-z_]+$/.test(type)),
        toNames(resources),
      ).toBe(true);
    }),
    { numRuns: 150 },
  );
});

it('lets no name out of the comments of Bicep and Terraform', () => {
  for (const rule of rules) {
    for (const posture of oddPostures) {
      const { bicep, terraform } = remedyOf(rule, posture);
      for (const text of [bicep, terraform]) expect(toCode(text)).not.toMatch(/^\s*\W*touch pwned/m);
    }
  }
});

it.skipIf(!bicepCli)(
  'the Bicep CLI compiles what holds odd names, and makes the same resources of it',
  { timeout: 120_000 },
  () => {
    const texts = (posture: (holder: (typeof holders)[number]) => Posture) =>
      rules.flatMap((rule) => holders.map((holder) => remedyOf(rule, posture(holder)).bicep));
    const plain = compileBicep(texts((holder) => postureOf({ holder })));
    const nasty = compileBicep(texts((holder) => oddPostures[holders.indexOf(holder)] as Posture));
    expect(nasty.complaints.filter((line) => line.includes(' : Error '))).toEqual([]);
    expect(nasty.templates.map(({ resources }) => resources)).toEqual(
      plain.templates.map(({ resources }) => resources),
    );
  },
);
