import type { SweepProgress } from '../monitor/sweep/sweep.ts';
import { cut, terminalWidth } from './terminal-text.ts';

/** Shows how far a sweep is. */
export interface Progress {
  show(progress: SweepProgress): void;
  end(): void;
}

/** How often it is shown, in milliseconds: on a terminal in place, elsewhere a line each. */
const intervals = { terminal: 1_000, elsewhere: 10_000 };

const barWidth = 12;

/** Shows at once, and then again and again, what a sweep is doing: how much of it, how fast, how long still. */
export function startProgress(stream: NodeJS.WriteStream, isQuiet = false): Progress {
  if (isQuiet) return { show: () => {}, end: () => {} };
  const started = performance.now();
  let latest: SweepProgress | undefined;
  const timer = setInterval(draw, stream.isTTY ? intervals.terminal : intervals.elsewhere);
  if (stream.isTTY) draw();
  return {
    show(progress) {
      latest = progress;
      if (stream.isTTY) draw();
    },
    end() {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };

  function draw(): void {
    const text = toProgressText(latest, (performance.now() - started) / 1000);
    stream.write(stream.isTTY ? `\r\u001b[K${cut(text, terminalWidth() - 1)}` : `${text}\n`);
  }
}

/** What is being done after so many seconds, in one line. */
function toProgressText(progress: SweepProgress | undefined, elapsed: number): string {
  const time = `${Math.round(elapsed)} s`;
  if (!progress) return `Reading the lists of subscriptions and registries ... ${time}`;
  const { subscriptions, subscriptionsDone, registries, assessed } = progress;
  const share = subscriptions > 0 ? subscriptionsDone / subscriptions : 0;
  const filled = Math.round(share * barWidth);
  const rest = share > 0 && share < 1 ? ` · ${Math.ceil((elapsed / share) * (1 - share))} s left` : '';
  const rate = elapsed >= 1 ? ` · ${Math.round(registries / elapsed)}/s` : '';
  return (
    `[${'#'.repeat(filled)}${'·'.repeat(barWidth - filled)}] ${subscriptionsDone} of ${subscriptions} subscriptions · ` +
    `${registries} registries, ${assessed} read anew${rate} · ${time}${rest}`
  );
}
