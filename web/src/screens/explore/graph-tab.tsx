/**
 * Graph and table of one answer.
 */
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Toggle from '@cloudscape-design/components/toggle';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Explored, FieldValue } from '../../../../src/api/explore.ts';
import { bytesText, durationText, manyText, timeText } from '../../format.ts';
import { TimeChart } from '../../parts/chart.tsx';
import { seriesOf } from '../../parts/explored-series.ts';
import { CodeText } from '../../parts/code-text.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { namedValue } from '../../parts/use-fields.ts';
import { useTimeChoice, useTimeQuery } from '../../url-state.ts';
import { useCall } from '../../use-call.ts';
import { amountText } from './amounts.ts';
import { Choices } from './choices.tsx';
import { GroupsTable } from './groups-table.tsx';
import { groupFilter } from './groups.ts';
import { NoAnswer, Nothing } from './nothing.tsx';
import { explorePath, MEASURE_WORDS } from './state.ts';
import type { TabProps } from './state.ts';
import { Totals } from './totals.tsx';

export function GraphTab({ state, change, fields, others }: TabProps): ReactNode {
  const time = useTimeQuery();
  const called = useCall<Explored>(explorePath(time, state, others));
  const answer = called.state === 'ready' ? called.value : called.last;
  return (
    <SpaceBetween size="m">
      <Container>
        <Choices state={state} change={change} fields={fields} />
      </Container>
      {called.state === 'failed' ? (
        <NoAnswer error={called.error} again={called.reload} />
      ) : answer === null ? (
        <Waiting what="Adding up records" />
      ) : (
        <Answer state={state} change={change} fields={fields} answer={answer} isLoading={called.state === 'loading'} />
      )}
    </SpaceBetween>
  );
}

function Answer({
  state,
  change,
  fields,
  answer,
  isLoading,
}: Omit<TabProps, 'others'> & { readonly answer: Explored; readonly isLoading: boolean }): ReactNode {
  const [, choose] = useTimeChoice();
  const labelOf = (field: string, value: FieldValue): string => namedValue(fields, field, value);
  // eslint-disable-next-line react/exhaustive-deps -- names come with the fields
  const series = useMemo(() => seriesOf(answer, labelOf), [answer, fields]);
  const { full, short } = amountText(answer.measure);
  const { range, read, notes, dimensions, groups } = answer;
  if (answer.total.records === 0 && (answer.totalBefore?.records ?? 0) === 0)
    return (
      <>
        <Nothing
          words={state.filter === '' ? 'No records in this time' : 'No record fits the filter in this time'}
          {...(state.filter === '' ? {} : { clear: () => change({ filter: '' }) })}
        />
        <Notes notes={notes} />
      </>
    );
  const what = MEASURE_WORDS[answer.measure];
  return (
    <SpaceBetween size="m">
      <Totals answer={answer} state={state} />
      <Container
        header={
          <Header
            variant="h2"
            description={`${timeText(range.fromSeconds)} to ${timeText(range.toSeconds)} UTC, in steps of ${durationText(answer.stepSeconds)}; a record counts where it begins. Drag to choose a time.`}
            actions={
              <SpaceBetween direction="horizontal" size="m" alignItems="center">
                {isLoading && <StatusIndicator type="loading">Loading</StatusIndicator>}
                <Toggle
                  checked={state.before === '1'}
                  onChange={({ detail }) => change({ before: detail.checked ? '1' : '0' })}
                >
                  Compare with the period before
                </Toggle>
              </SpaceBetween>
            }
          >
            {what} over time
          </Header>
        }
      >
        <TimeChart
          label={`${what} over time`}
          times={answer.times}
          stepSeconds={answer.stepSeconds}
          range={range}
          series={series}
          format={answer.measure === 'bytes' ? full : short}
          isBytes={answer.measure === 'bytes'}
          onBrush={({ from, to }) => choose({ kind: 'between', from, to })}
          onSeries={(id) => {
            const group = groups[Number(id)];
            if (group !== undefined && dimensions.length > 0)
              change({ filter: groupFilter(state.filter, dimensions, group.values) });
          }}
        />
      </Container>
      <GroupsTable answer={answer} state={state} change={change} fields={fields} />
      <Notes notes={notes} />
      <ExpandableSection
        headerText="The SQL of this answer"
        headerDescription="One statement; flowgauge query takes it as it stands."
      >
        <CodeText text={answer.sql} label="SQL" />
      </ExpandableSection>
      <Box color="text-body-secondary" fontSize="body-s">
        {manyText(read.objects, 'object')}, {bytesText(read.bytes)} read in {durationText(read.millis / 1000)}
      </Box>
    </SpaceBetween>
  );
}
