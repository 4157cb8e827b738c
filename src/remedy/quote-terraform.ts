const escapes: Record<string, string> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '${': '$${',
  '%{': '%%{',
};

/**
 * Quotes a text as a string of Terraform's language (HCL), on one line and without templates.
 * Halves of surrogate pairs become U+FFFD.
 */
export function quoteTerraform(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll(
      /\\|"|[$%]\{|\p{Cc}|[\u2028\u2029]/gu,
      (found) => escapes[found] ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `"${escaped}"`;
}
