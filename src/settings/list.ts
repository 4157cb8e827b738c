/** The parts of a list that a setting holds as text, with commas, blanks or semicolons between them. */
export function toParts(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,;]+/).filter(Boolean);
}
