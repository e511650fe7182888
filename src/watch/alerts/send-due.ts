/**
 * Sends the alerts whose time has come.
 *
 * In:    the outbox, receivers. Out: alerts sent; what became of each is in the outbox.
 * Holds: one alert at a time to a receiver, claimed on the disk before it goes out. What was not received is tried again after pauses that
 *        double from half a minute to an hour, for a day; after a failure its receiver gets nothing before that time. What may have
 *        been received is tried again only where the receiver knows what it has by the key. So no alert is told twice.
 * Fails: as the state file does; with the signal's reason, and what was being sent then is in the outbox as such.
 */
import type { Alerts, ClaimedAlert, Settled } from '../../storage/state/alerts.ts';
import type { Receiver, SendAnswer } from './receiver.ts';

export type SendOptions = {
  readonly alerts: Alerts;
  readonly receivers: readonly Receiver[];
  /** Where people look at a finding; null: nobody said. */
  readonly linkOf: (findingId: string) => string | null;
  readonly now: () => number;
  /** Told of each attempt. */
  readonly attempted?: (receiver: string, settled: Settled) => void;
};

export type Sender = {
  /** Sends what is due. */
  sendDue(signal: AbortSignal): Promise<void>;
};

const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 3600;
/** After so long an alert is no news. */
const MOST_SECONDS = 86_400;

/** The sender of an outbox. */
export function createSender({ alerts, receivers, linkOf, now, attempted = () => {} }: SendOptions): Sender {
  /** Before then a receiver that failed gets nothing. */
  const pauses = new Map<string, number>();

  async function sendTo(receiver: Receiver, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const nowSeconds = Math.floor(now() / 1000);
      if (nowSeconds < (pauses.get(receiver.name) ?? 0)) return;
      const claimed = alerts.claim(receiver.name, nowSeconds);
      if (claimed === null) return;
      const { id, key, finding } = claimed;
      const answer = await receiver.send({ key, finding, link: linkOf(finding.id) }, signal);
      const doneSeconds = Math.floor(now() / 1000);
      const settled = settledOf(answer, claimed, receiver, doneSeconds);
      alerts.settle(id, settled, doneSeconds);
      attempted(receiver.name, settled);
      if (settled.state === 'waiting') pauses.set(receiver.name, settled.dueSeconds);
    }
  }

  return {
    async sendDue(signal) {
      // Each waits for its own receiver alone.
      const done = await Promise.allSettled(receivers.map((receiver) => sendTo(receiver, signal)));
      for (const one of done) if (one.status === 'rejected') throw one.reason;
    },
  };
}

function settledOf(
  answer: SendAnswer,
  { attempts, queuedSeconds }: ClaimedAlert,
  { knowsKeysSeconds }: Receiver,
  nowSeconds: number,
): Settled {
  if (answer.is === 'sent') return { state: 'sent' };
  const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_SECONDS);
  if (answer.is === 'unsure') {
    if (pause >= knowsKeysSeconds) return { state: 'unsure', why: answer.why };
    return { state: 'waiting', dueSeconds: nowSeconds + pause, why: answer.why };
  }
  const dueSeconds = nowSeconds + Math.max(pause, answer.afterSeconds ?? 0);
  if (!answer.again || dueSeconds - queuedSeconds > MOST_SECONDS) return { state: 'given-up', why: answer.why };
  return { state: 'waiting', dueSeconds, why: answer.why };
}
