/**
 * That there are no records to answer from: no error, but the beginning of a network that nobody has watched yet.
 */
import Alert from '@cloudscape-design/components/alert';
import type { ReactNode } from 'react';
import type { CallFailed } from '../api-client.ts';

const WORDS: Readonly<Record<string, readonly [header: string, text: string]>> = {
  FG_TIME_EMPTY: ['No flow logs of this time range', 'Choose another time range at the top.'],
  FG_SOURCE_EMPTY: ['No flow logs yet', 'The first records come when a capture window has closed.'],
  FG_SOURCE_NO_RECORDS: ['No flow logs yet', 'The first records come when a capture window has closed.'],
  FG_SOURCE_MISSING: ['No flow logs yet', 'The first records come when a capture window has closed.'],
  FG_STATE_MISSING: ['No network yet', 'Nothing was imported or made here that has rules.'],
  FG_STATE_EMPTY: ['No network yet', 'Nothing was imported or made here that has rules.'],
};

/** Whether an answer failed because nothing is there. */
export const isNothing = ({ code }: CallFailed): boolean => Object.hasOwn(WORDS, code);

/** @param children  what is shown all the same */
export function Nothing({ error, children }: { readonly error: CallFailed; readonly children?: ReactNode }): ReactNode {
  const [header, text] = WORDS[error.code] ?? [error.code, error.message];
  return (
    <Alert type="info" header={header}>
      {text} {children}
    </Alert>
  );
}
