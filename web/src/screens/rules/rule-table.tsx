/**
 * Rules as a table: whose, what they say, what they were used for, what there is to say of them.
 */
import { useCollection } from '@cloudscape-design/collection-hooks';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Popover from '@cloudscape-design/components/popover';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { bytesText, countText, timeText } from '../../format.ts';
import { ScreenLink } from '../../parts/named.tsx';
import type { Names } from '../../parts/network.ts';
import { recordsAt, rulesAt } from '../../parts/screen-links.ts';
import type { Values } from '../../url-parameters.ts';
import type { Change } from '../../url-state.ts';
import { MARK_WORDS, MARKS, widerText } from '../../words/rules.ts';
import { peersFilter } from './peers-filter.ts';
import type { RuleRow } from './rows.ts';
import { shownRows } from './rows.ts';
import type { PARAMETERS } from './screen.tsx';

const PAGE = 50;

export function RuleTable({
  rows,
  all,
  names,
  values: { mark, find, rule, of },
  change,
  loading,
  hasHits,
}: {
  readonly rows: readonly RuleRow[];
  /** Rules of all groups and ACLs. */
  readonly all: number;
  readonly names: Names;
  readonly values: Values<typeof PARAMETERS>;
  readonly change: Change<typeof PARAMETERS>;
  readonly loading: boolean;
  readonly hasHits: boolean;
}): ReactNode {
  const shown = useMemo(() => shownRows(rows, mark, find), [rows, mark, find]);
  const { items, collectionProps, paginationProps } = useCollection(shown, {
    pagination: { pageSize: PAGE },
    sorting: {},
    selection: { trackBy: 'key', keepSelection: true },
  });
  const columns = useMemo(() => columnsOf(names, of !== '', hasHits), [names, of, hasHits]);
  return (
    <Table
      {...collectionProps}
      items={items}
      columnDefinitions={columns}
      variant="container"
      stickyHeader
      wrapLines
      selectedItems={items.filter((row) => row.rule.id === rule)}
      selectionType="single"
      onSelectionChange={({ detail }) => change({ rule: detail.selectedItems[0]?.rule.id ?? '' })}
      ariaLabels={{
        tableLabel: 'Rules',
        selectionGroupLabel: 'Choose a rule',
        itemSelectionLabel: (_, row) => `${row.of} ${row.rule.says}`,
      }}
      header={
        <Header
          variant="h2"
          counter={shown.length === all ? `(${countText(all)})` : `(${countText(shown.length)} of ${countText(all)})`}
          description={
            loading
              ? 'What they were used for is being counted.'
              : 'Unused and wider are said of the records of this time range, and of no more.'
          }
        >
          {of === '' ? 'Rules' : `Rules of ${names.get(of) ?? of}`}
        </Header>
      }
      filter={
        <SpaceBetween direction="horizontal" size="s">
          <TextFilter
            filteringText={find}
            filteringPlaceholder="Group, rule, peer"
            filteringAriaLabel="Find rules"
            countText={find === '' ? '' : `${countText(shown.length)} found`}
            onChange={({ detail }) => change({ find: detail.filteringText }, { replace: true })}
          />
          <SegmentedControl
            label="Rules with a mark"
            selectedId={mark}
            options={(['all', ...MARKS] as const).map((id) => {
              const count = id === 'all' ? rows.length : rows.filter(({ marks }) => marks.includes(id)).length;
              return { id, text: `${id === 'all' ? 'All' : MARK_WORDS[id]} (${countText(count)})` };
            })}
            onChange={({ detail }) => change({ mark: detail.selectedId as typeof mark })}
          />
        </SpaceBetween>
      }
      pagination={shown.length > PAGE && <Pagination {...paginationProps} />}
      empty={
        <Box textAlign="center" padding="l">
          <b>{rows.length === 0 ? 'The network has no rules' : 'No such rule'}</b>
          <Box color="text-body-secondary">
            {rows.length === 0
              ? 'Nothing was imported or made that has security groups or network ACLs.'
              : 'No rule has this mark and these words.'}
          </Box>
        </Box>
      }
    />
  );
}

type Column = TableProps.ColumnDefinition<RuleRow>;

const byHits =
  (value: (row: RuleRow) => number): ((a: RuleRow, b: RuleRow) => number) =>
  (a, b) =>
    value(a) - value(b);

function columnsOf(names: Names, ofOne: boolean, hasHits: boolean): readonly Column[] {
  const rule: Column = {
    id: 'rule',
    header: ofOne ? 'Rule' : 'Group or ACL, rule',
    minWidth: 220,
    sortingField: 'of',
    isRowHeader: true,
    cell: ({ rule: { says, id, peer }, of, ofName }) => (
      <div className="breaks-anywhere">
        {!ofOne && (
          <div>
            <ScreenLink to={rulesAt(of)}>{ofName === null ? of : `${ofName} (${of})`}</ScreenLink>
          </div>
        )}
        {says}
        {names.has(peer) && ` (${names.get(peer)})`}
        <div className="quiet">{id.startsWith(`${of}/`) ? id.slice(of.length + 1) : id}</div>
      </div>
    ),
  };
  return [rule, ...(hasHits ? HIT_COLUMNS : [])];
}

const HIT_COLUMNS: readonly Column[] = [
  { id: 'marks', header: 'Marks', minWidth: 105, cell: (row) => <Marks row={row} /> },
  {
    id: 'conversations',
    header: 'Conversations',
    minWidth: 120,
    sortingComparator: byHits(({ hits }) => hits?.conversations ?? -1),
    cell: ({ hits }) =>
      hits === null ? (
        'not known'
      ) : (
        <>
          {countText(hits.conversations)}
          {hits.bytes > 0 && <div className="quiet">{bytesText(hits.bytes)}</div>}
        </>
      ),
  },
  {
    id: 'peers',
    header: 'Peers',
    minWidth: 140,
    sortingComparator: byHits(({ hits }) => hits?.peers ?? -1),
    cell: ({ hits }) => {
      if (hits === null || hits.peers === 0) return hits === null ? '' : '0';
      const words = `${hits.hasMorePeers ? 'more than ' : ''}${countText(hits.peers)}`;
      const filter = peersFilter(hits);
      return (
        <span className="breaks-anywhere">
          {filter === null ? (
            words
          ) : (
            <ScreenLink to={recordsAt(filter)} label={`${words} ${words === '1' ? 'peer' : 'peers'}, show its records`}>
              {words}
            </ScreenLink>
          )}
          <div className="quiet">
            within {hits.peersWithin.slice(0, 2).join(', ')}
            {hits.peersWithin.length > 2 && ', …'}
          </div>
        </span>
      );
    },
  },
  {
    id: 'last',
    header: 'First, last (UTC)',
    minWidth: 175,
    sortingComparator: byHits(({ hits }) => hits?.lastSeconds ?? -1),
    cell: ({ hits }) =>
      hits === null || hits.firstSeconds === null || hits.lastSeconds === null ? (
        '-'
      ) : (
        <span className="one-line">
          {timeText(hits.firstSeconds)}
          <br />
          {timeText(hits.lastSeconds)}
        </span>
      ),
  },
];

function Marks({ row: { marks, hits } }: { readonly row: RuleRow }): ReactNode {
  if (hits === null || marks.length === 0) return '-';
  return (
    <div className="marks">
      {marks.map((mark) => {
        if (mark === 'unused')
          return (
            <Badge key={mark} color="grey">
              {MARK_WORDS[mark]}
            </Badge>
          );
        const why =
          mark === 'wider'
            ? widerText(hits)
            : `Without it nothing changes: ${hits.shadowedBy?.join(', ')} ${hits.shadowedBy?.length === 1 ? 'takes' : 'take'} its place.`;
        return (
          <Popover key={mark} header={MARK_WORDS[mark]} content={why} triggerType="text" dismissAriaLabel="Close">
            {MARK_WORDS[mark]}
          </Popover>
        );
      })}
    </div>
  );
}
