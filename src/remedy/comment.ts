/** Text that can stand in a comment of any of the languages: on one line, without control characters. */
export function toCommentText(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

/** Lines of a comment, wrapped at words. */
export function toComment(mark: '#' | '//', text: string, width = 100): string {
  const lines: string[] = [];
  for (const word of toCommentText(text).split(/ +/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${mark} ${line}`).join('\n');
}
