/**
 * What an answer lacks or took for something: notes of reading, and what of the network is not understood.
 */
import Alert from '@cloudscape-design/components/alert';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import type { ReactNode } from 'react';
import type { Note } from '../../../src/api/note.ts';
import { countText } from '../format.ts';
import { noteText } from '../words/notes.ts';

/** What is listed; the rest is counted. */
const MOST = 50;

/** @param more  sentences of the screen's own */
export function Notes({
  notes = [],
  notUnderstood = [],
  more = [],
}: {
  readonly notes?: readonly Note[];
  readonly notUnderstood?: readonly string[];
  readonly more?: readonly string[];
}): ReactNode {
  const all = [...more, ...notes.map(noteText)];
  return (
    <>
      {all.length > 0 && (
        <Alert type="info" header="About this answer">
          <Lines texts={all} />
        </Alert>
      )}
      {notUnderstood.length > 0 && (
        <ExpandableSection
          variant="footer"
          headerText={`Not understood of the network, and therefore left out (${countText(notUnderstood.length)})`}
        >
          <Lines texts={notUnderstood} />
        </ExpandableSection>
      )}
    </>
  );
}

function Lines({ texts }: { readonly texts: readonly string[] }): ReactNode {
  const left = texts.length - MOST;
  return (
    <ul className="plain-list breaks-anywhere">
      {texts.slice(0, MOST).map((text, at) => (
        <li key={at}>{text}</li>
      ))}
      {left > 0 && <li>and {countText(left)} more</li>}
    </ul>
  );
}
