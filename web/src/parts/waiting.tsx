/**
 * That an answer is under way, and how far.
 */
import Box from '@cloudscape-design/components/box';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import type { ExplainProgress } from '../../../src/api/explain-routes.ts';
import { bytesText, countText, manyText } from '../format.ts';

const STAGES: Readonly<Record<ExplainProgress['stage'], string>> = {
  listing: 'Listing objects',
  fetching: 'Fetching objects',
  reading: 'Reading records',
};

/** @param what  what is waited for, as a sentence without its end */
export function Waiting({
  what,
  progress = null,
}: {
  readonly what: string;
  readonly progress?: ExplainProgress | null;
}): ReactNode {
  const { stage, files, of, bytes } = progress ?? { stage: 'reading' as const, files: 0, of: 0, bytes: 0 };
  const known = of > 0;
  return (
    <Box padding={{ vertical: 'xxl' }} textAlign="center">
      <div className="waiting-words">
        <StatusIndicator type="loading">{what}</StatusIndicator>
        {progress !== null && files > 0 && (
          <ProgressBar
            value={known ? (files / of) * 100 : 0}
            label={STAGES[stage]}
            additionalInfo={`${known ? `${countText(files)} of ` : ''}${manyText(known ? of : files, 'file')}, ${bytesText(bytes)}`}
          />
        )}
      </div>
    </Box>
  );
}
