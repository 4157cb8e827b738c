/** How many columns the terminal has; off one, those of the smallest that is usual. */
export function terminalWidth(): number {
  return knownWidth() ?? 80;
}

/** How many columns a table may take: off a terminal it is read by programs, and nothing is cut. */
export function tableWidth(): number {
  return knownWidth() ?? Number.POSITIVE_INFINITY;
}

function knownWidth(): number | undefined {
  return process.stdout.columns || Number(process.env.COLUMNS) || undefined;
}

/** Cuts a text in its middle where it is longer than so many columns, so that both of its ends can be told. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return '…'.slice(0, Math.max(0, width));
  const tail = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Breaks a text at its blanks into lines of at most so many columns. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** How long ago a time was, in words. */
export function toAge(time: string, now = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(time)) / 60_000));
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}
