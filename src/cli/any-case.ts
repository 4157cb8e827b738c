import { InvalidArgumentError, type Option } from 'commander';
import { toNearest } from './nearest.ts';

/** Lets an option take one of some words in any casing, and names the nearest where it is another. */
export function anyCase(option: Option, words: readonly string[]): Option {
  option.choices(words);
  let isGiven = false;
  return option.argParser((text: string, earlier: unknown) => {
    const word = words.find((known) => known.toLowerCase() === text.toLowerCase());
    if (!word) {
      const nearest = toNearest(text, words);
      const meant = nearest ? ` Did you mean ${nearest}?` : '';
      throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.${meant}`);
    }
    if (!option.variadic) return word;
    const others = isGiven ? (earlier as string[]) : [];
    isGiven = true;
    return [...others, word];
  });
}
