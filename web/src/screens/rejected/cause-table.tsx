/**
 * The causes as a table; one can be chosen.
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
import Token from '@cloudscape-design/components/token';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Counted, RejectCause } from '../../../../src/api/rejects.ts';
import { countText, manyText, timeText } from '../../format.ts';
import { Named, ScreenLink } from '../../parts/named.tsx';
import type { Names } from '../../parts/network.ts';
import { diagnoseAt } from '../../parts/screen-links.ts';
import type { Kind } from '../../words/rejects.ts';
import { causeText, KIND_WORDS, kindOf, KINDS, protocolText, serviceText, SURE_WORDS } from '../../words/rejects.ts';
import { keyOf, namedGroups } from './causes.ts';
import { recordsOf } from './records-of.ts';

const PAGE = 25;

export function CauseTable({
  causes,
  all,
  selected,
  names,
  loading,
  kind,
  of,
  chooseKind,
  ofAll,
  choose,
}: {
  readonly causes: readonly RejectCause[];
  /** Before they were chosen among. */
  readonly all: readonly RejectCause[];
  readonly selected: RejectCause | null;
  readonly names: Names;
  readonly loading: boolean;
  readonly kind: Kind | 'all';
  /** The group or ACL that shown causes have to do with; empty: all. */
  readonly of: string;
  readonly chooseKind: (kind: Kind | 'all') => void;
  readonly ofAll: () => void;
  readonly choose: (cause: RejectCause | null) => void;
}): ReactNode {
  const options = useMemo(
    () =>
      (['all', ...KINDS] as const).flatMap((value) => {
        const count = value === 'all' ? all.length : all.filter((one) => kindOf(one) === value).length;
        const label = `${value === 'all' ? 'All causes' : KIND_WORDS[value]} (${countText(count)})`;
        return count === 0 && value !== 'all' && value !== kind ? [] : [{ value, label }];
      }),
    [all, kind],
  );
  const { items, collectionProps, paginationProps } = useCollection(causes, {
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      items={items}
      columnDefinitions={columns(names)}
      trackBy={keyOf}
      variant="container"
      stickyHeader
      wrapLines
      loading={loading}
      loadingText="Looking for what rejects"
      selectionType="single"
      selectedItems={selected === null ? [] : [selected]}
      onSelectionChange={({ detail }) => choose(detail.selectedItems[0] ?? null)}
      onRowClick={({ detail }) => choose(detail.item)}
      ariaLabels={{
        tableLabel: 'Causes of rejects',
        selectionGroupLabel: 'Choose a cause',
        itemSelectionLabel: (_, cause) => causeText(cause, namedGroups(cause, names)),
      }}
      header={
        <Header
          variant="h2"
          counter={causes.length === all.length ? `(${all.length})` : `(${causes.length} of ${all.length})`}
          description="Choose one to see how it comes about and what would open it."
        >
          Causes
        </Header>
      }
      filter={
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Select
            ariaLabel="Kind of cause"
            selectedOption={options.find(({ value }) => value === kind) ?? null}
            options={options}
            onChange={({ detail }) => chooseKind(detail.selectedOption.value as Kind | 'all')}
          />
          {of !== '' && (
            <Token
              label={`Only what ${of} has to do with`}
              dismissLabel="Show causes of all groups and ACLs"
              onDismiss={ofAll}
            />
          )}
        </SpaceBetween>
      }
      pagination={causes.length > PAGE && <Pagination {...paginationProps} />}
      empty={
        <Box textAlign="center" padding="l">
          <b>{all.length === 0 ? 'Nothing was rejected' : 'No cause of this kind'}</b>
          <Box color="text-body-secondary">
            {all.length === 0
              ? 'No record of this time range says REJECT.'
              : 'Choose all causes to see the others of this time range.'}
          </Box>
        </Box>
      }
    />
  );
}

type Column = TableProps.ColumnDefinition<RejectCause>;

const columns = (names: Names): readonly Column[] => [
  {
    id: 'cause',
    header: 'Cause',
    minWidth: 230,
    isRowHeader: true,
    cell: (cause) => <CauseCell cause={cause} names={names} />,
  },
  {
    id: 'where',
    header: 'Where',
    minWidth: 130,
    cell: (cause) => <Where cause={cause} names={names} />,
  },
  {
    id: 'records',
    header: 'Records',
    sortingField: 'records',
    cell: (cause) => {
      const to = recordsOf(cause);
      return to === null ? (
        countText(cause.records)
      ) : (
        <ScreenLink to={to} label={`${manyText(cause.records, 'record')}, show ${cause.records === 1 ? 'it' : 'them'}`}>
          {countText(cause.records)}
        </ScreenLink>
      );
    },
  },
  {
    id: 'peers',
    header: 'Peers, services',
    minWidth: 150,
    sortingField: 'peers',
    cell: ({ peers, topPeers, ports, topPorts }) => (
      <>
        <div>
          <Counts all={peers} top={topPeers} words={(value) => value} />
        </div>
        <Counts all={ports} top={topPorts} words={serviceText} />
      </>
    ),
  },
  {
    id: 'last',
    header: 'First, last (UTC)',
    minWidth: 175,
    sortingField: 'lastSeconds',
    cell: ({ firstSeconds, lastSeconds }) =>
      firstSeconds === null || lastSeconds === null ? (
        'no time'
      ) : (
        <span className="one-line">
          {timeText(firstSeconds)}
          <br />
          {timeText(lastSeconds)}
        </span>
      ),
  },
];

function CauseCell({ cause, names }: { readonly cause: RejectCause; readonly names: Names }): ReactNode {
  const { newly, now, certainty, next } = cause;
  return (
    <div className="breaks-anywhere">
      {causeText(cause, namedGroups(cause, names))}
      <div className="marks">
        <Badge>{KIND_WORDS[kindOf(cause)]}</Badge>
        {newly?.why === 'accepted-before' && <Badge color="severity-high">Newly rejected: passed before</Badge>}
        {newly?.why === 'first-seen' && <Badge color="severity-medium">New in this time</Badge>}
        {now === 'admits' && <StatusIndicator type="success">Opened since</StatusIndicator>}
        {next !== null && (
          <ScreenLink
            to={diagnoseAt({
              from: next.from,
              to: next.to,
              protocol: protocolText(next.protocol).replace('protocol ', ''),
              port: next.port,
              at: next.atSeconds,
            })}
            label={`Diagnose ${next.from} to ${next.to}`}
          >
            Diagnose
          </ScreenLink>
        )}
        {certainty !== 'certain' && <span className="quiet">{SURE_WORDS[certainty]}</span>}
      </div>
    </div>
  );
}

function Where({ cause, names }: { readonly cause: RejectCause; readonly names: Names }): ReactNode {
  const { interfaceId, interfaces, topInterfaces, direction } = cause;
  return (
    <>
      {interfaceId !== null && <Named id={interfaceId} names={names} />}
      {interfaceId === null && interfaces > 1 && (
        <>
          {manyText(interfaces, 'interface')}:{' '}
          {topInterfaces
            .slice(0, 2)
            .map(({ value }) => names.get(value) ?? value)
            .join(', ')}
          {interfaces > 2 && ', …'}
        </>
      )}
      {interfaceId === null && interfaces <= 1 && 'not known'}
      {direction !== null && <div className="quiet">{direction === 'ingress' ? 'inbound' : 'outbound'}</div>}
    </>
  );
}

/** So many, and those with the most records. */
function Counts({
  all,
  top,
  words,
}: {
  readonly all: number;
  readonly top: readonly Counted[];
  readonly words: (value: string) => string;
}): ReactNode {
  const shown = top.slice(0, 2);
  const more = all - shown.length;
  return (
    <span className="breaks-anywhere">
      {shown.map(({ value }) => words(value)).join(', ')}
      {more > 0 && <span className="quiet"> and {countText(more)} more</span>}
    </span>
  );
}
