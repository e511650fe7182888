/**
 * Findings as a table; one can be chosen.
 */
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import type { ReactNode } from 'react';
import type { FindingsAnswer } from '../../../../src/api/findings-routes.ts';
import type { KeptFinding } from '../../../../src/api/findings.ts';
import { aboutOf } from '../../../../src/api/finding-subject.ts';
import { countText, timeText } from '../../format.ts';
import { useUrlState } from '../../url-state.ts';
import { SEVERITIES, SEVERITY_COLOURS, SEVERITY_WORDS, stateText } from '../../words/findings.ts';
import { PARAMETERS } from './parameters.ts';

const PAGE = 25;
const STATES = [
  { value: 'open', label: 'Open' },
  { value: 'suppressed', label: 'Suppressed' },
  { value: 'all', label: 'Open and suppressed' },
] as const;

export function FindingTable({
  answer,
  chosen,
  choose,
}: {
  /** Null: it is under way. */
  readonly answer: FindingsAnswer | null;
  readonly chosen: KeptFinding | null;
  readonly choose: (finding: KeptFinding | null) => void;
}): ReactNode {
  const [{ state, severity, words, page }, change] = useUrlState(PARAMETERS);
  const all = answer?.findings ?? [];
  const wanted = all.filter(
    (one) =>
      (state === 'all' || (state === 'open') === (one.suppressedUntilSeconds === null)) &&
      (severity === 'all' || one.severity === severity),
  );
  const { items, filterProps, paginationProps, collectionProps, filteredItemsCount } = useCollection(wanted, {
    filtering: {
      defaultFilteringText: words,
      filteringFunction: (row, text) => textOf(row).includes(text.toLowerCase()),
      noMatch: <Empty title="No finding has these words" text="Take some of them away." />,
      empty:
        all.length > 0 ? (
          <Empty title="No finding of this kind" text="Choose another state or severity." />
        ) : (
          <Empty title="Nothing was found" text="No detection tells of anything in this time." />
        ),
    },
    pagination: { pageSize: PAGE, defaultPage: page },
    sorting: {},
  });
  const severities = [
    { value: 'all', label: 'All severities' },
    ...SEVERITIES.map((one) => ({ value: one, label: SEVERITY_WORDS[one] })),
  ];
  return (
    <Table
      {...collectionProps}
      items={items}
      columnDefinitions={COLUMNS}
      trackBy="id"
      variant="container"
      stickyHeader
      wrapLines
      loading={answer === null}
      loadingText="Looking up findings"
      selectionType="single"
      selectedItems={chosen === null ? [] : [chosen]}
      onSelectionChange={({ detail }) => choose(detail.selectedItems[0] ?? null)}
      onRowClick={({ detail }) => choose(detail.item)}
      ariaLabels={{
        tableLabel: 'Findings',
        selectionGroupLabel: 'Choose a finding',
        itemSelectionLabel: (_, row) => `${row.detection}: ${aboutOf(row)}`,
      }}
      header={
        <Header
          variant="h2"
          counter={answer === null ? '' : `(${wanted.length})`}
          description={
            answer !== null && answer.of > all.length
              ? `The newest ${countText(all.length)} of ${countText(answer.of)}. Choose one for the records that show it.`
              : 'Choose one for the records that show it.'
          }
        >
          Findings
        </Header>
      }
      filter={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <TextFilter
            {...filterProps}
            filteringAriaLabel="Find findings"
            filteringPlaceholder="Detection, address, id"
            countText={`${filteredItemsCount ?? 0} ${filteredItemsCount === 1 ? 'match' : 'matches'}`}
            onDelayedChange={({ detail }) => change({ words: detail.filteringText, page: 1 }, { replace: true })}
          />
          <Select
            ariaLabel="State"
            selectedOption={STATES.find(({ value }) => value === state) ?? null}
            options={STATES}
            onChange={({ detail }) => change({ state: detail.selectedOption.value as typeof state, page: 1 })}
          />
          <Select
            ariaLabel="Severity"
            selectedOption={severities.find(({ value }) => value === severity) ?? null}
            options={severities}
            onChange={({ detail }) => change({ severity: detail.selectedOption.value as typeof severity, page: 1 })}
          />
        </SpaceBetween>
      }
      pagination={
        wanted.length > PAGE && (
          <Pagination
            {...paginationProps}
            onChange={(event) => {
              paginationProps.onChange(event);
              change({ page: event.detail.currentPageIndex }, { replace: true });
            }}
          />
        )
      }
    />
  );
}

function Empty({ title, text }: { readonly title: string; readonly text: string }): ReactNode {
  return (
    <Box textAlign="center" padding="l">
      <b>{title}</b>
      <Box color="text-body-secondary">{text}</Box>
    </Box>
  );
}

/** What of a row is looked for. */
function textOf(finding: KeptFinding): string {
  return [finding.id, finding.detection, finding.technique, aboutOf(finding), finding.subject.interfaceId]
    .join(' ')
    .toLowerCase();
}

const GRAVITY = (one: KeptFinding): number => SEVERITIES.indexOf(one.severity);

const COLUMNS: readonly TableProps.ColumnDefinition<KeptFinding>[] = [
  {
    id: 'severity',
    header: 'Severity',
    width: 110,
    sortingComparator: (a, b) => GRAVITY(a) - GRAVITY(b),
    cell: ({ severity }) => <Badge color={SEVERITY_COLOURS[severity]}>{SEVERITY_WORDS[severity]}</Badge>,
  },
  {
    id: 'detection',
    header: 'Detection',
    isRowHeader: true,
    minWidth: 170,
    sortingField: 'detection',
    cell: ({ detection, technique }) => (
      <span className="breaks-anywhere">
        {detection}
        {technique !== null && <div className="quiet">{technique}</div>}
      </span>
    ),
  },
  {
    id: 'about',
    header: 'About',
    minWidth: 200,
    cell: (finding) => (
      <span className="breaks-anywhere">
        {aboutOf(finding)}
        {finding.subject.interfaceId !== null && aboutOf(finding) !== finding.subject.interfaceId && (
          <div className="quiet">{finding.subject.interfaceId}</div>
        )}
      </span>
    ),
  },
  {
    id: 'last',
    header: 'First, last (UTC)',
    minWidth: 175,
    sortingField: 'lastSeconds',
    cell: ({ firstSeconds, lastSeconds }) => (
      <span className="one-line">
        {timeText(firstSeconds)}
        <br />
        {timeText(lastSeconds)}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    minWidth: 150,
    cell: (finding) => (
      <StatusIndicator type={finding.suppressedUntilSeconds === null ? 'warning' : 'stopped'}>
        {stateText(finding)}
      </StatusIndicator>
    ),
  },
];
