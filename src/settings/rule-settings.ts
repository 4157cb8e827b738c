import * as z from 'zod';
import { catalog } from '../rules/catalog.ts';
import { type RuleOptions, ruleChoices, ruleThresholds } from '../rules/rule-set.ts';
import { ConfigError, toFaults } from './config-error.ts';
import { toParts } from './list.ts';
import { fault, setting, toNumber } from './setting-fields.ts';

/** Which rules are on, and from where on they fail. */
export const ruleFields = {
  RULES_ENABLED: setting('').transform((list, context) => toRuleIds(list, context, ['all'])),
  RULES_DISABLED: setting('').transform((list, context) => toRuleIds(list, context)),
  ...toThresholdFields(),
  ...toChoiceFields(),
};

const RuleSettings = z.object(ruleFields);

/** Reads the settings of rules alone: what judges without storage or Azure needs no others. Throws {@link ConfigError}. */
export function readRuleSettings(env: NodeJS.ProcessEnv = process.env): Required<RuleOptions> {
  const parsed = RuleSettings.safeParse(env);
  if (!parsed.success) throw new ConfigError(toFaults(parsed));
  return toRuleOptions(parsed.data);
}

/** What settings that were read say of rules. */
export function toRuleOptions(settings: z.output<typeof RuleSettings>): Required<RuleOptions> {
  const values: Record<string, unknown> = settings;
  return {
    enabled: settings.RULES_ENABLED,
    disabled: settings.RULES_DISABLED,
    thresholds: Object.fromEntries(ruleThresholds.map(({ setting: name }) => [name, Number(values[name])])),
    choices: Object.fromEntries(ruleChoices.map(({ setting: name }) => [name, String(values[name])])),
  };
}

/** A field for each rule that fails from a number on. */
function toThresholdFields() {
  return Object.fromEntries(
    ruleThresholds.map(({ setting: name, default: usual, from, to }) => [
      name,
      setting(String(usual)).transform((text, context) => toNumber(text, context, { from, to })),
    ]),
  );
}

/** A field for each rule that asks for a word. */
function toChoiceFields() {
  return Object.fromEntries(
    ruleChoices.map(({ setting: name, words, default: usual }) => [
      name,
      setting(usual).transform((text, context) => {
        const word = words.find((known) => known === text.toLowerCase());
        return word ?? fault(context, `must be one of ${words.join(', ')}`);
      }),
    ]),
  );
}

function toRuleIds(list: string, context: z.RefinementCtx, words: readonly string[] = []): string[] {
  const ids = toParts(list.toLowerCase());
  const known = [...words, ...catalog.map(({ id }) => id)];
  const wrong = ids.filter((id) => !known.includes(id));
  if (wrong.length > 0)
    return fault(context, `names no known rule by "${wrong.join('", "')}"; there are ${known.join(', ')}`);
  return ids;
}
