/**
 * Sends alerts while the server runs.
 *
 * In:    the state file, receivers. Out: alerts sent; the standing; an event where a receiver begins to fail, and where it takes alerts again.
 * Holds: alerts are sent after each look and, while some wait, every few seconds. What the process before left in the middle of sending is
 *        dealt with first.
 * Fails: never: what fails is told.
 */
import { failure, FlowgaugeError } from '../../../model/errors.ts';
import { openAlerts } from '../../../storage/state/alerts.ts';
import type { StateFile } from '../../../storage/state/state-file.ts';
import type { Receiver } from '../../../watch/alerts/receiver.ts';
import { createSender } from '../../../watch/alerts/send-due.ts';
import type { DetectionStanding } from './standing.ts';

export type AlertingEvent =
  | { readonly kind: 'problem'; readonly code: string; readonly message: string }
  | { readonly kind: 'alerts-go'; readonly receiver: string };

export type AlertingOptions = {
  readonly state: StateFile;
  readonly receivers: readonly Receiver[];
  /** Address of the console as people reach it, with a slash at the end; null: nobody said. */
  readonly console: string | null;
  readonly standing: DetectionStanding;
  readonly show: (event: AlertingEvent) => void;
  readonly now?: () => number;
};

export type Alerting = {
  /** Alerts may have been queued. */
  poke(): void;
  /** Ends it; what is being sent is given up. */
  end(): Promise<void>;
};

const LOOK_MILLIS = 5000;

/** Begins. */
export function createAlerting(options: AlertingOptions): Alerting {
  const { state, receivers, standing, show, now = Date.now } = options;
  const over = new AbortController();
  const alerts = openAlerts(state);
  const count = (): void => void (standing.alerts = alerts.counts());
  const linkOf = (finding: string): string | null =>
    options.console === null ? null : `${options.console}findings?v=1&finding=${encodeURIComponent(finding)}`;
  const tellError = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    show({ kind: 'problem', code: error instanceof FlowgaugeError ? error.code : '', message });
  };
  const sender = createSender({
    alerts,
    receivers,
    linkOf,
    now,
    attempted(receiver, settled) {
      const before = standing.alertProblems.get(receiver);
      if (settled.state === 'sent') {
        standing.alertProblems.delete(receiver);
        if (before !== undefined) show({ kind: 'alerts-go', receiver });
        return;
      }
      standing.alertProblems.set(receiver, settled.why);
      if (before !== settled.why) tellError(failure('FG_ALERT_FAILING', receiver, settled.state, settled.why));
    },
  });
  let running: Promise<void> | null = null;

  async function send(): Promise<void> {
    try {
      await sender.sendDue(over.signal);
      count();
    } catch (error) {
      if (!over.signal.aborted) tellError(error);
    }
  }

  function poke(): void {
    if (over.signal.aborted || running !== null) return;
    running = send().finally(() => {
      running = null;
    });
  }

  const known = new Map(receivers.map(({ name, knowsKeysSeconds }) => [name, knowsKeysSeconds]));
  const unsure = alerts.recover(known, Math.floor(now() / 1000));
  if (unsure > 0) tellError(failure('FG_ALERT_UNSURE', unsure));
  count();
  const timer = receivers.length === 0 ? null : setInterval(poke, LOOK_MILLIS).unref();
  return {
    poke,
    async end() {
      over.abort();
      if (timer !== null) clearInterval(timer);
      await running;
    },
  };
}
