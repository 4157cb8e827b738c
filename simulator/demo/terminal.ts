import { print, style, toVisible } from '../../src/cli/output.ts';
import { cut, terminalWidth } from '../../src/cli/terminal-text.ts';
import type { HostLogLine } from '../host/host-log.ts';

/** Writes to the terminal: results as they are, the log with its time and function, progress on one line. */
export interface Terminal {
  say(text?: string): void;
  log(line: HostLogLine): void;
  /** From now on the log shows what functions say, not only warnings. */
  showAll(): void;
}

const quiet = new Set(['trace', 'debug', 'none']);
const loud = new Set(['warning', 'error', 'critical']);

/** Builds the terminal; off a terminal, progress is written line by line. */
export function createTerminal(): Terminal {
  let isAll = false;
  let hasProgress = false;
  let latest: string | undefined;
  return {
    say(text = '') {
      clear();
      print(text);
    },
    log(line) {
      if (line.level === 'debug' && line.source === 'user') return showProgress(line.message);
      if (quiet.has(line.level) || !(isAll || loud.has(line.level))) return;
      clear();
      const time = new Date().toISOString().slice(11, 19);
      const text = `${time} ${line.category}: ${line.message}`;
      print(loud.has(line.level) ? style('yellow', text) : style('dim', text));
    },
    showAll() {
      isAll = true;
    },
  };

  function showProgress(message: string): void {
    hasProgress = process.stdout.isTTY;
    if (hasProgress) process.stdout.write(`\r\u001b[K${cut(toVisible(message), terminalWidth() - 1)}`);
    else if (message !== latest) print(message);
    latest = message;
  }

  function clear(): void {
    if (hasProgress) process.stdout.write('\r\u001b[K');
    hasProgress = false;
  }
}
