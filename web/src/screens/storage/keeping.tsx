/**
 * What is done again and again: the settings, the run that goes on, the last one.
 */
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { KeepingProgress, KeepingTold } from '../../../../src/api/storage.ts';
import { bytesText, countText, timeTextUtc } from '../../format.ts';
import { planText, retentionText, runText } from '../../words/storage.ts';

const STEPS: Readonly<Record<KeepingProgress['step'], string>> = {
  compact: 'Compacting objects',
  expire: 'Comparing objects with the lake',
};

export function Keeping({ told: { plan, progress, last, nextSeconds } }: { readonly told: KeepingTold }): ReactNode {
  if (plan === null) return null;
  return (
    <Container header={<Header variant="h2">Compaction and retention</Header>}>
      <SpaceBetween size="m">
        {progress !== null && (
          <ProgressBar
            value={progress.of > 0 ? Math.round((progress.files / progress.of) * 100) : 0}
            label={STEPS[progress.step]}
            additionalInfo={`${countText(progress.files)}${progress.of > 0 ? ` of ${countText(progress.of)}` : ''} objects, ${bytesText(progress.bytes)}`}
          />
        )}
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'What is done', value: planText(plan) },
            { label: 'Retention', value: `${retentionText(plan.retention)}.` },
            {
              label: 'Last run',
              value: last === null ? 'None since the start.' : `${timeTextUtc(last.atSeconds)}. ${runText(last)}`,
            },
            {
              label: 'Next run',
              value: nextSeconds === null ? (progress === null ? '-' : 'This one goes on.') : timeTextUtc(nextSeconds),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}
