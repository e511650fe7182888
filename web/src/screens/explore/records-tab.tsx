/**
 * The records themselves, the newest first, under their histogram.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Multiselect from '@cloudscape-design/components/multiselect';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { Explored, FieldValue } from '../../../../src/api/explore.ts';
import { only, without } from '../../filter-edit.ts';
import { useFlash } from '../../flash.tsx';
import { countText, manyText, shortCountText } from '../../format.ts';
import { TimeChart } from '../../parts/chart.tsx';
import { seriesOf } from '../../parts/explored-series.ts';
import { Failure } from '../../parts/failure.tsx';
import { Notes } from '../../parts/notes.tsx';
import { columnSets } from '../../parts/record-columns.ts';
import { recordLine } from '../../parts/record-line.ts';
import { RecordsTable } from '../../parts/records-table.tsx';
import { MOST_ROWS, useRecords } from '../../parts/use-records.ts';
import type { Records } from '../../parts/use-records.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useTimeChoice, useTimeQuery } from '../../url-state.ts';
import { useCall } from '../../use-call.ts';
import { NoAnswer, Nothing } from './nothing.tsx';
import { explorePath, filterQuery } from './state.ts';
import type { TabProps } from './state.ts';

const HISTOGRAM = { by: ['action'], measure: 'records', top: '5', before: '0' } as const;

export function RecordsTab({ state, change, fields, others }: TabProps): ReactNode {
  const time = useTimeQuery();
  const { filter } = state;
  const sets = useMemo(() => columnSets(fields), [fields]);
  const everything = useMemo(() => sets.find(({ id }) => id === 'all')?.columns ?? [], [sets]);
  const isKnown = fields.files > 0;
  const counted = useCall<Explored>(explorePath(time, { ...HISTOGRAM, filter }, others));
  const columns = ['x-open', ...everything];
  const records = useRecords(isKnown ? `${time}&columns=${everything.join(',')}${filterQuery(filter, others)}` : null);
  const usual = sets[0]?.columns ?? [];
  const open = records.columns.indexOf('x-open');
  const shown = [
    ...(records.rows.some((row) => row[open] === true) ? ['x-open'] : []),
    ...(state.columns.length > 0 ? state.columns.filter((name) => everything.includes(name)) : usual),
  ];
  const total = counted.last?.total.records ?? null;
  if (counted.state === 'failed') return <NoAnswer error={counted.error} again={counted.reload} />;
  if (counted.last === null) return <Waiting what="Counting records" />;
  if (total === 0 && counted.state === 'ready')
    return (
      <Nothing
        words={filter === '' ? 'No records in this time' : 'No record fits the filter in this time'}
        {...(filter === '' ? {} : { clear: () => change({ filter: '' }) })}
      />
    );
  return (
    <SpaceBetween size="m">
      <Histogram answer={counted.last} filter={filter} change={change} />
      <Container
        header={
          <Header
            variant="h2"
            counter={total === null ? '' : `(${countText(total)})`}
            description="The newest first. Choose a cell, then: = only this, ! without this, c copy the record as its line."
            actions={<Columns state={state} change={change} fields={fields} />}
          >
            Records
          </Header>
        }
      >
        <SpaceBetween size="xs">
          <Table {...{ records, columns, shown, fields, filter, change }} />
          <Below records={records} total={total} />
        </SpaceBetween>
      </Container>
      <Notes notes={records.notes} />
    </SpaceBetween>
  );
}

function Histogram({
  answer,
  filter,
  change,
}: {
  readonly answer: Explored;
  readonly filter: string;
  readonly change: TabProps['change'];
}): ReactNode {
  const [, choose] = useTimeChoice();
  const series = useMemo(() => seriesOf(answer, (_, value) => String(value ?? 'NODATA, SKIPDATA')), [answer]);
  return (
    <Container>
      <TimeChart
        label="Records over time"
        times={answer.times}
        stepSeconds={answer.stepSeconds}
        range={answer.range}
        series={series}
        format={shortCountText}
        height={110}
        onBrush={({ from, to }) => choose({ kind: 'between', from, to })}
        onSeries={(id) => change({ filter: only(filter, 'action', answer.groups[Number(id)]?.values[0] ?? null) })}
      />
    </Container>
  );
}

function Table({
  records,
  columns,
  shown,
  fields,
  filter,
  change,
}: {
  readonly records: Records;
  /** In the order in which they were asked for. */
  readonly columns: readonly string[];
  readonly shown: readonly string[];
  readonly filter: string;
} & Pick<TabProps, 'fields' | 'change'>): ReactNode {
  const flash = useFlash();
  const height = useRestOfWindow();
  const copy = (text: string, said: string): void => {
    navigator.clipboard.writeText(text).then(
      () => flash({ type: 'success', text: said }),
      () => flash({ type: 'error', text: 'The browser did not allow to copy.' }),
    );
  };
  const copyLine = (row: readonly FieldValue[]): void => {
    const { line, from } = recordLine(records.formats, records.columns, row);
    copy(
      line,
      from === 'format'
        ? 'The record was copied as the line of its log format.'
        : 'The record was copied; its object is Parquet, so the line has the fields of the objects in the order of the table of fields.',
    );
  };
  if (records.rows.length === 0 && records.state === 'loading') return <Waiting what="Reading records" />;
  if (records.rows.length === 0 && records.error !== null)
    return <Failure error={records.error} again={records.loadMore} />;
  return (
    <RecordsTable
      label="Records"
      columns={records.columns.length > 0 ? records.columns : columns}
      shown={shown}
      rows={records.rows}
      fields={fields}
      height={height}
      hasMore={records.state === 'more'}
      loadMore={records.loadMore}
      onOnly={(field, value) => change({ filter: only(filter, field, value) })}
      onWithout={(field, value) => change({ filter: without(filter, field, value) })}
      onCopyLine={copyLine}
      onCopyValue={(text) => copy(text, 'The value was copied.')}
    />
  );
}

/** How much of it is here, and why not more. */
function Below({ records, total }: { readonly records: Records; readonly total: number | null }): ReactNode {
  const { length } = records.rows;
  const here = `${total === null ? '' : `${countText(length)} of `}${manyText(total ?? length, 'record is', 'records are')} here`;
  if (records.state === 'failed' && records.rows.length > 0)
    return (
      <SpaceBetween direction="horizontal" size="xs">
        <StatusIndicator type="error">{records.error?.message}</StatusIndicator>
        <Button variant="inline-link" onClick={records.loadMore}>
          Try again
        </Button>
      </SpaceBetween>
    );
  return (
    <Box color="text-body-secondary" fontSize="body-s">
      {records.state === 'full'
        ? `${here}, and no more than ${countText(MOST_ROWS)} are kept: drag over the graph to choose a shorter time.`
        : `${here}${records.state === 'all' ? '' : '; more come as you scroll'}.`}
    </Box>
  );
}

function Columns({ state, change, fields }: Pick<TabProps, 'state' | 'change' | 'fields'>): ReactNode {
  const sets = useMemo(() => columnSets(fields), [fields]);
  const everything = sets.find(({ id }) => id === 'all')?.columns ?? [];
  const chosen = state.columns.length > 0 ? state.columns : (sets[0]?.columns ?? []);
  const same = sets.find(({ columns }) => columns.join() === chosen.join());
  const own = { value: 'own', label: 'Columns of my own' };
  const options = sets.map(({ id, text, columns }) => ({
    value: id,
    label: text,
    description: manyText(columns.length, 'column'),
  }));
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Select
        selectedOption={same === undefined ? own : { value: same.id, label: same.text }}
        options={options}
        ariaLabel="Set of columns"
        expandToViewport
        onChange={({ detail }) => {
          const set = sets.find(({ id }) => id === detail.selectedOption.value);
          if (set !== undefined) change({ columns: set.id === 'usual' ? [] : set.columns });
        }}
      />
      <Multiselect
        selectedOptions={chosen.map((name) => ({ value: name, label: name }))}
        options={everything.map((name) => ({ value: name, label: name }))}
        onChange={({ detail }) => change({ columns: detail.selectedOptions.map(({ value }) => value!) })}
        filteringType="auto"
        hideTokens
        placeholder="Choose columns"
        ariaLabel="Columns"
        expandToViewport
      />
    </SpaceBetween>
  );
}

/** The table is as high as the window leaves room for. */
function useRestOfWindow(): number {
  const [height, setHeight] = useState(() => heightFor(innerHeight));
  useEffect(() => {
    const follow = (): void => setHeight(heightFor(innerHeight));
    window.addEventListener('resize', follow);
    return () => window.removeEventListener('resize', follow);
  }, []);
  return height;
}

function heightFor(windowHeight: number): number {
  return Math.max(320, windowHeight - 420);
}
