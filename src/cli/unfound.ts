import type { Unfound } from '../monitor/posture/read-live.ts';

/** Why nothing can be said of a registry now, in a sentence. */
export function toUnfoundText(answer: Unfound, name: string): string {
  switch (answer.state) {
    case 'gone':
      return `Registry ${name} does not exist.`;
    case 'notTerminal':
      return `Registry ${name} is in state ${answer.provisioningState} and can't be judged yet.`;
    case 'unreadable':
      return `Registry ${name} can't be read (${answer.reason}).`;
  }
}
