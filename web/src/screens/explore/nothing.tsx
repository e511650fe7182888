/**
 * That there is nothing to show, and why: an answer that is an error of the time that was chosen is no fault.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { CallFailed } from '../../api-client.ts';
import { Failure } from '../../parts/failure.tsx';
import { useTimeChoice } from '../../url-state.ts';

/** Codes that say: no records there. */
const EMPTY = new Set(['FG_TIME_EMPTY', 'FG_SOURCE_EMPTY', 'FG_SOURCE_NO_RECORDS', 'FG_SOURCE_MISSING']);
const DAY = 86_400;

/** What stands in the place of an answer that did not come. */
export function NoAnswer({ error, again }: { readonly error: CallFailed; readonly again: () => void }): ReactNode {
  if (!EMPTY.has(error.code)) return <Failure error={error} again={again} />;
  return <Nothing words="No records in this time" why={error.message} />;
}

export function Nothing({
  words,
  why,
  clear,
}: {
  readonly words: string;
  readonly why?: string;
  /** Takes the filter away. */
  readonly clear?: () => void;
}): ReactNode {
  const [choice, choose] = useTimeChoice();
  const isShort = choice.kind === 'between' || choice.seconds < DAY;
  return (
    <Box textAlign="center" padding={{ vertical: 'xl' }}>
      <SpaceBetween size="s">
        <Box variant="strong">{words}</Box>
        {why !== undefined && (
          <Box color="text-body-secondary">
            <span className="breaks-anywhere">{why}</span>
          </Box>
        )}
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          {clear !== undefined && <Button onClick={clear}>Clear the filter</Button>}
          {isShort && <Button onClick={() => choose({ kind: 'last', seconds: DAY })}>Look at the last 24 hours</Button>}
        </SpaceBetween>
      </SpaceBetween>
    </Box>
  );
}
