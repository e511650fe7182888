/**
 * Words for findings, suppressions and alerts.
 *
 * In:    what `src/api/findings.ts` and `src/api/findings-routes.ts` have. Out: words for people.
 * Holds: every member of their unions has words, and a test says so.
 */
import type { AlertState, FindingCell, KeptFinding, NotAsked, Severity } from '../../../src/api/findings.ts';
import { aboutOf } from '../../../src/api/finding-subject.ts';
import type { DetectionTold, ListedSuppression } from '../../../src/api/findings-routes.ts';
import { bytesText, countText, durationText, timeTextUtc } from '../format.ts';

/** The graver first. */
export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low', 'info'];

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

export const SEVERITY_COLOURS = {
  high: 'severity-high',
  medium: 'severity-medium',
  low: 'severity-low',
  info: 'severity-neutral',
} as const satisfies Record<Severity, string>;

export const ALERT_WORDS: Readonly<
  Record<
    AlertState,
    { readonly type: 'success' | 'pending' | 'in-progress' | 'warning' | 'error' | 'stopped'; readonly text: string }
  >
> = {
  waiting: { type: 'pending', text: 'Waits to be sent' },
  sending: { type: 'in-progress', text: 'Being sent' },
  sent: { type: 'success', text: 'Sent' },
  unsure: { type: 'warning', text: 'May have been received; not sent again' },
  'given-up': { type: 'error', text: 'Given up' },
  dropped: { type: 'stopped', text: 'Not sent' },
};

export const STANDING_WORDS: Readonly<
  Record<DetectionTold['is'], { readonly type: 'success' | 'pending' | 'error' | 'stopped'; readonly text: string }>
> = {
  off: { type: 'stopped', text: 'Nobody looks for findings here' },
  waiting: { type: 'pending', text: 'The first look is being taken' },
  looked: { type: 'success', text: 'Looking' },
  failing: { type: 'error', text: 'The last look failed' },
};

export const NOT_ASKED_WORDS: Readonly<Record<NotAsked['why'], string>> = {
  fields: 'the records lack fields',
  model: 'no network is known',
  facts: 'the network says nothing of it, or no change of it is known',
};

/** `open`, or until when it is suppressed. */
export function stateText({ suppressedUntilSeconds: until }: Pick<KeptFinding, 'suppressedUntilSeconds'>): string {
  return until === null ? 'Open' : `Suppressed until ${timeTextUtc(until)}`;
}

/** What a suppression is of. */
export function suppressedText({ series, detection, subject, of }: ListedSuppression): string {
  if (series !== null) return of === null ? 'One subject of one detection' : `${of.detection}: ${aboutOf(of)}`;
  return subject === null ? `All of ${detection}` : `${detection} about ${subject}`;
}

/** A fact's name and value, for people; an empty value is a dash. */
export function factText(name: string, value: FindingCell): readonly [name: string, value: string] {
  const words = name.replaceAll('_', ' ');
  if (value === null || value === '') return [words, '-'];
  if (typeof value !== 'number') return [words, String(value)];
  if (name.endsWith('_seconds') && value > 1e9) return [words.replace(/ seconds$/u, ''), timeTextUtc(value)];
  if (/_seconds$|^seconds_/u.test(name)) return [words, durationText(value)];
  if (/^bytes|_bytes$/u.test(name)) return [words, bytesText(value)];
  if (name.endsWith('_of_100')) return [words.replace(/ of 100$/u, ''), `${countText(value)} of 100`];
  return [words, countText(value)];
}
