/**
 * The answer of the screen SQL: rows or a chart, what was read, what was cut, exports.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import type { ReactNode } from 'react';
import type { SqlEnd, SqlForm, SqlLimits } from '../../../../src/api/sql.ts';
import { CallFailed } from '../../api-client.ts';
import { bytesText, countText, durationText, manyText } from '../../format.ts';
import { Failure } from '../../parts/failure.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { AnswerChart } from './answer-chart.tsx';
import type { ChartChoice } from './chart-of.ts';
import { RowsTable } from './rows-table.tsx';
import type { SqlAnswer } from './sql-answer.ts';
import type { SqlState } from './use-sql.ts';

export type Shown = 'table' | 'chart';

const FORMS: readonly { readonly id: SqlForm; readonly text: string }[] = [
  { id: 'csv', text: 'CSV' },
  { id: 'json', text: 'JSON, an object a line' },
  { id: 'parquet', text: 'Parquet' },
];

export type AnswerProps = {
  readonly state: SqlState;
  readonly answer: SqlAnswer;
  readonly limits: SqlLimits | null;
  readonly shown: Shown;
  readonly choice: Partial<ChartChoice>;
  readonly onShow: (shown: Shown) => void;
  readonly onChoose: (choice: ChartChoice) => void;
  readonly exportAs: (form: SqlForm) => void;
  readonly again: () => void;
};

export function AnswerView(props: AnswerProps): ReactNode {
  const { state, answer, limits, exportAs, again } = props;
  const { rows, columns, end, failure, progress } = answer;
  if (state === 'idle')
    return (
      <Container>
        <Box textAlign="center" padding="l" color="text-body-secondary">
          Choose a saved query or write one, and run it. {limits !== null && limitsText(limits)}
        </Box>
      </Container>
    );
  const isRunning = state === 'running';
  const hasAll = end !== null && end.cut === null;
  return (
    <SpaceBetween size="m">
      {failure !== null && <Failure error={new CallFailed(400, failure.code, failure.message)} again={again} />}
      {end !== null && limits !== null && end.cut !== null && (
        <Alert type="warning" header="Not all rows are shown">
          {cutText(end, limits)}
        </Alert>
      )}
      {state === 'cancelled' && (
        <Alert type="info">
          Cancelled
          {rows.length > 0 ? `; ${manyText(rows.length, 'row that had come is', 'rows that had come are')} shown` : ''}.
        </Alert>
      )}
      {end !== null && <Notes notes={end.notes} />}
      {isRunning && columns.length === 0 && (
        <Container>
          <Waiting what="Asking" progress={progress === null ? null : { stage: 'reading', ...progress }} />
        </Container>
      )}
      {columns.length > 0 && (
        <Container
          header={
            <Header
              variant="h2"
              counter={`(${countText(rows.length)}${hasAll ? '' : '+'})`}
              description={end === null ? undefined : readText(end)}
              actions={
                <ButtonDropdown
                  items={FORMS.map(({ id, text }) => ({ id, text }))}
                  disabled={isRunning || failure !== null}
                  onItemClick={({ detail }) => exportAs(FORMS.find(({ id }) => id === detail.id)!.id)}
                >
                  Export
                </ButtonDropdown>
              }
            >
              Answer
            </Header>
          }
        >
          <Tabs
            ariaLabel="Forms of the answer"
            activeTabId={props.shown}
            onChange={({ detail }) => props.onShow(detail.activeTabId === 'chart' ? 'chart' : 'table')}
            tabs={[
              {
                id: 'table',
                label: 'Table',
                content:
                  rows.length === 0 && !isRunning ? (
                    <Box color="text-body-secondary">The answer has no rows.</Box>
                  ) : (
                    <RowsTable columns={columns} rows={rows} label="Rows of the answer" />
                  ),
              },
              {
                id: 'chart',
                label: 'Chart',
                content: <AnswerChart answer={answer} choice={props.choice} onChoose={props.onChoose} />,
              },
            ]}
          />
        </Container>
      )}
      <LiveRegion hidden>{isRunning ? 'Asking' : end === null ? '' : manyText(end.rows, 'row')}</LiveRegion>
    </SpaceBetween>
  );
}

function readText({ objects, bytesRead, millis, badLines }: SqlEnd): string {
  const broken = badLines === 0 ? '' : `, ${manyText(badLines, 'line')} left out`;
  return `Read ${manyText(objects, 'object')}, ${bytesText(bytesRead)}, in ${durationText(millis / 1000)}${broken}`;
}

function cutText({ cut, rows }: SqlEnd, limits: SqlLimits): string {
  const why =
    cut === 'rows'
      ? `a screen shows ${manyText(limits.rows, 'row')}`
      : `a screen shows ${bytesText(limits.bytes)} of rows`;
  return `These are the first ${countText(rows)}: ${why} at most. An export has all of them.`;
}

function limitsText({ rows, seconds, memoryBytes }: SqlLimits): string {
  return `A query may take ${durationText(seconds)} and ${bytesText(memoryBytes)} of memory, and shows ${manyText(rows, 'row')}; an export has all.`;
}
