import type { Clock } from './clock.ts';
import { type HostLog, logSystem, messageOf } from './host-log.ts';
import type { Invoker } from './invocation.ts';
import type { EventGridFunction, LoadedFunction } from './registered-function.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a delivery may take, and how long to wait before each further one, in milliseconds. */
export interface DeliveryLimits {
  limitMs: number;
  delaysMs: number[];
}

/**
 * Event Grid's own limits: what its schedule allows within an event's life of 24 hours.
 * https://learn.microsoft.com/azure/event-grid/delivery-and-retry#retry-schedule
 */
export const EVENT_GRID_LIMITS: DeliveryLimits = {
  limitMs: 30 * SECOND,
  delaysMs: [
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
  ],
};

/** An event as it came, in Event Grid's schema or as a CloudEvent. */
export type DeliveredEvent = Record<string, unknown>;

/** Delivers events to functions, again where that failed. */
export interface EventDelivery {
  /**
   * Runs a function once for each event, all at once, and returns why the first of the failed ones failed;
   * every failed event is delivered again later.
   */
  deliver(loaded: LoadedFunction<EventGridFunction>, events: DeliveredEvent[]): Promise<string | undefined>;
  /** Gives up the redeliveries that are still to come. */
  stop(): void;
}

/** What event delivery needs. */
export interface EventDeliveryOptions extends DeliveryLimits {
  invoker: Invoker;
  clock: Clock;
  log: HostLog;
}

/** Creates the part that Event Grid plays in Azure: a failed or late delivery is repeated on its schedule. */
export function createEventDelivery({ invoker, clock, log, limitMs, delaysMs }: EventDeliveryOptions) {
  const pending = new Set<() => void>();
  let stopped = false;
  const delivery: EventDelivery = {
    async deliver(loaded, events) {
      const failures = await Promise.all(events.map((event) => deliverOnce(loaded, event, 1)));
      return failures.find((failure) => failure !== undefined);
    },
    stop() {
      stopped = true;
      for (const cancel of pending) {
        cancel();
      }
      if (pending.size > 0) {
        logSystem(log, 'warning', 'host', `Failed events that will not be delivered again: ${pending.size}.`);
      }
      pending.clear();
    },
  };
  return delivery;

  async function deliverOnce(
    loaded: LoadedFunction<EventGridFunction>,
    event: DeliveredEvent,
    attempt: number,
  ): Promise<string | undefined> {
    const failure = await outcomeWithinLimit(loaded, event);
    if (failure !== undefined) {
      planRedelivery(loaded, event, attempt, failure);
    } else if (attempt > 1) {
      const message = `${nameEvent(event)} delivered, attempt ${attempt}.`;
      logSystem(log, 'information', loaded.info.name, message);
    }
    return failure;
  }

  /** A function that is late goes on running, as in Azure; only its outcome no longer counts. */
  function outcomeWithinLimit(
    loaded: LoadedFunction<EventGridFunction>,
    event: DeliveredEvent,
  ): Promise<string | undefined> {
    return new Promise((resolve) => {
      const cancel = clock.schedule(limitMs, () => resolve(`no answer within ${inWords(limitMs)}`));
      const data = { json: JSON.stringify(event) };
      const triggerMetadata = { data: { json: JSON.stringify(event.data ?? null) } };
      invoker
        .invoke({ loaded, data, triggerMetadata })
        .then(
          () => resolve(undefined),
          (error) => resolve(messageOf(error)),
        )
        .finally(cancel);
    });
  }

  function planRedelivery(
    loaded: LoadedFunction<EventGridFunction>,
    event: DeliveredEvent,
    attempt: number,
    failure: string,
  ): void {
    const { name } = loaded.info;
    const what = `${nameEvent(event)} failed, attempt ${attempt}: ${failure}.`;
    const delay = delaysMs[attempt - 1];
    if (delay === undefined || stopped) {
      logSystem(log, 'error', name, `${what} Given up: no further attempt follows.`);
      return;
    }
    logSystem(log, 'warning', name, `${what} Attempt ${attempt + 1} follows in ${inWords(delay)}.`);
    const cancel = clock.schedule(delay, () => {
      pending.delete(cancel);
      void deliverOnce(loaded, event, attempt + 1);
    });
    pending.add(cancel);
  }
}

function nameEvent(event: DeliveredEvent): string {
  return `Event ${event.id} (${event.eventType ?? event.type})`;
}

function inWords(milliseconds: number): string {
  const units = [
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ] as const;
  const unit = units.find(([size]) => milliseconds >= size && milliseconds % size === 0);
  return unit ? `${milliseconds / unit[0]} ${unit[1]}` : `${milliseconds} ms`;
}
