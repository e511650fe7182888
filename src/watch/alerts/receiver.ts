/**
 * Who is told of a finding: the contract of every file of this folder that sends.
 *
 * In:    nothing. Out: the types.
 * Holds: `send` sends once. It says `unsure` where the alert may have been received though no answer came: that is not tried again
 *        where the receiver does not know what it has already. What it says of why names hosts and statuses, never a URL's path or
 *        query, for those of webhooks are secrets.
 */
import type { KeptFinding, Severity } from '../../api/findings.ts';

export type Alert = {
  /** The same whenever this alert is sent. */
  readonly key: string;
  readonly finding: KeptFinding;
  /** Where people look at it; null where nobody said under which address the console is reached. */
  readonly link: string | null;
};

export type SendAnswer =
  | { readonly is: 'sent' }
  /** It was not received; `again`: trying again may help, not before `afterSeconds`. */
  | { readonly is: 'refused'; readonly again: boolean; readonly why: string; readonly afterSeconds?: number }
  | { readonly is: 'unsure'; readonly why: string };

export type Receiver = {
  /** Of the settings; it is in metrics and logs. */
  readonly name: string;
  /** It is told of findings as grave as this, or graver. */
  readonly least: Severity;
  /** For so long it takes an alert with a key that it has for done, and does not tell it twice; 0: it does not know keys. */
  readonly knowsKeysSeconds: number;
  send(alert: Alert, signal: AbortSignal): Promise<SendAnswer>;
};
