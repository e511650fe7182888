/**
 * Flow logs as a table; one can be chosen and acted on.
 */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import type { CollectionPreferencesProps } from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FlowLogRow, FlowLogsAnswer } from '../../../../src/api/flow-logs.ts';
import { countText, durationText } from '../../format.ts';
import '../../parts/explain.css';
import { useUrlState } from '../../url-state.ts';
import {
  DESTINATION_WORDS,
  healthOf,
  intervalText,
  placeText,
  RESOURCE_WORDS,
  TRAFFIC_WORDS,
} from '../../words/flow-logs.ts';
import { PARAMETERS } from './parameters.ts';

type Act = 'replace' | 'delete' | 'tags';

export function FlowLogTable({
  answer,
  chosen,
  choose,
  act,
  reload,
}: {
  /** Null: it is under way. */
  readonly answer: FlowLogsAnswer | null;
  readonly chosen: FlowLogRow | null;
  readonly choose: (row: FlowLogRow | null) => void;
  readonly act: (doing: Act, row: FlowLogRow) => void;
  readonly reload: () => void;
}): ReactNode {
  const [{ words, page }, change] = useUrlState(PARAMETERS);
  const [preferences, setPreferences] = useState<CollectionPreferencesProps.Preferences>({
    pageSize: 20,
    wrapLines: true,
    contentDisplay: COLUMN_IDS.map((id) => ({ id, visible: !HIDDEN.has(id) })),
  });
  const all = answer?.flowLogs ?? [];
  const { items, filterProps, paginationProps, collectionProps, filteredItemsCount } = useCollection(all, {
    filtering: {
      defaultFilteringText: words,
      filteringFunction: (row, text) => textOf(row).includes(text.toLowerCase()),
      noMatch: (
        <Box textAlign="center" padding="l">
          <b>No flow log has these words</b>
        </Box>
      ),
      empty: (
        <Box textAlign="center" padding="l">
          <b>No flow logs</b>
          <Box color="text-body-secondary">Nothing is recorded. Create a flow log to begin.</Box>
        </Box>
      ),
    },
    pagination: { pageSize: preferences.pageSize ?? 20, defaultPage: page },
    sorting: {},
  });
  const isShort = chosen === null || !chosen.mayChange;
  return (
    <Table
      {...collectionProps}
      items={items}
      columnDefinitions={columns(answer?.nowSeconds ?? 0)}
      columnDisplay={preferences.contentDisplay ?? []}
      trackBy="id"
      variant="container"
      stickyHeader
      resizableColumns
      wrapLines={preferences.wrapLines ?? true}
      loading={answer === null}
      loadingText="Looking up flow logs"
      selectionType="single"
      selectedItems={chosen === null ? [] : [chosen]}
      onSelectionChange={({ detail }) => choose(detail.selectedItems[0] ?? null)}
      onRowClick={({ detail }) => choose(detail.item)}
      ariaLabels={{
        tableLabel: 'Flow logs',
        selectionGroupLabel: 'Choose a flow log',
        itemSelectionLabel: (_, row) => row.name ?? row.id,
      }}
      header={
        <Header
          variant="h2"
          counter={answer === null ? '' : `(${all.length})`}
          description="Choose one for its deliveries, its ledger and what its format answers."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel="Look again" onClick={reload} />
              <ButtonDropdown
                disabled={isShort}
                disabledReason={whyNot(chosen)}
                items={[
                  { id: 'replace', text: 'Replace' },
                  { id: 'tags', text: 'Edit tags' },
                  { id: 'delete', text: 'Delete' },
                ]}
                onItemClick={({ detail }) => chosen !== null && act(detail.id as Act, chosen)}
              >
                Actions
              </ButtonDropdown>
            </SpaceBetween>
          }
        >
          Flow logs
        </Header>
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringAriaLabel="Find flow logs"
          filteringPlaceholder="Find by id, name, resource, destination or tag"
          countText={`${filteredItemsCount ?? 0} ${filteredItemsCount === 1 ? 'match' : 'matches'}`}
          onDelayedChange={({ detail }) => change({ words: detail.filteringText, page: 1 }, { replace: true })}
        />
      }
      pagination={
        <Pagination
          {...paginationProps}
          onChange={(event) => {
            paginationProps.onChange(event);
            change({ page: event.detail.currentPageIndex }, { replace: true });
          }}
        />
      }
      preferences={
        <CollectionPreferences
          preferences={preferences}
          onConfirm={({ detail }) => setPreferences(detail)}
          pageSizePreference={{ options: [10, 20, 50, 100].map((value) => ({ value, label: `${value} flow logs` })) }}
          wrapLinesPreference={{}}
          contentDisplayPreference={{
            options: columns(0).map(({ id, header }) => ({
              id: id!,
              label: typeof header === 'string' ? header : id!,
            })),
          }}
        />
      }
    />
  );
}

function whyNot(row: FlowLogRow | null): string {
  if (row === null) return 'Choose a flow log.';
  if (row.endsSeconds !== null) return 'It ends by itself: another one takes over.';
  return row.delivery.state === 'not-here' ? 'It is imported: this host does not keep it.' : 'Your key may only read.';
}

/** What of a row is looked for. */
function textOf({ id, name, resourceId, resourceName, destination, region, tags }: FlowLogRow): string {
  const words = [id, name, resourceId, resourceName, destination.place, region, ...Object.entries(tags).flat()];
  return words.join(' ').toLowerCase();
}

const HIDDEN = new Set(['traffic', 'interval', 'format', 'interfaces', 'region', 'tags']);
const COLUMN_IDS = [
  'name',
  'resource',
  'records',
  'traffic',
  'interval',
  'format',
  'destination',
  'health',
  'newest',
  'interfaces',
  'region',
  'tags',
];

const columns = (nowSeconds: number): readonly TableProps.ColumnDefinition<FlowLogRow>[] => [
  {
    id: 'name',
    header: 'Flow log',
    minWidth: 150,
    width: 175,
    isRowHeader: true,
    sortingComparator: (a, b) => (a.name ?? a.id).localeCompare(b.name ?? b.id, 'en'),
    cell: ({ id, name }) => (
      <span className="breaks-anywhere">
        {name ?? id}
        {name !== null && <div className="quiet">{id}</div>}
      </span>
    ),
  },
  {
    id: 'resource',
    header: 'Resource',
    width: 175,
    sortingField: 'resourceId',
    cell: ({ resourceId, resourceType, resourceName }) => (
      <span className="breaks-anywhere">
        {RESOURCE_WORDS[resourceType]} {resourceName ?? resourceId}
        {resourceName !== null && <div className="quiet">{resourceId}</div>}
      </span>
    ),
  },
  {
    id: 'records',
    header: 'Records',
    width: 115,
    cell: ({ traffic, intervalSeconds, version, fields }) => (
      <>
        {traffic === null ? '-' : TRAFFIC_WORDS[traffic]}, {intervalText(intervalSeconds)}
        <div className="quiet">
          Version {version}, {fields} fields
        </div>
      </>
    ),
  },
  {
    id: 'traffic',
    header: 'Traffic',
    width: 105,
    sortingField: 'traffic',
    cell: ({ traffic }) => (traffic === null ? '-' : TRAFFIC_WORDS[traffic]),
  },
  {
    id: 'interval',
    header: 'Interval',
    width: 100,
    sortingField: 'intervalSeconds',
    cell: ({ intervalSeconds }) => intervalText(intervalSeconds),
  },
  {
    id: 'format',
    header: 'Format',
    width: 130,
    sortingField: 'version',
    cell: ({ version, fields }) => `Version ${version}, ${fields} fields`,
  },
  {
    id: 'destination',
    header: 'Destination',
    width: 125,
    cell: ({ destination }) => (
      <span className="breaks-anywhere">
        {DESTINATION_WORDS[destination.type]}
        <div className="quiet">{placeText(destination)}</div>
      </span>
    ),
  },
  {
    id: 'health',
    header: 'Delivery',
    width: 135,
    cell: (row) => {
      const { type, text } = healthOf(row, nowSeconds);
      return <StatusIndicator type={type}>{text}</StatusIndicator>;
    },
  },
  {
    id: 'newest',
    header: 'Newest window',
    width: 120,
    sortingField: 'newestSeconds',
    cell: ({ newestSeconds }) =>
      newestSeconds === null ? '-' : `${durationText(Math.max(0, nowSeconds - newestSeconds))} ago`,
  },
  {
    id: 'interfaces',
    header: 'Interfaces',
    width: 115,
    sortingField: 'interfaces',
    cell: ({ interfaces }) => countText(interfaces),
  },
  { id: 'region', header: 'Region', width: 120, sortingField: 'region', cell: ({ region }) => region },
  {
    id: 'tags',
    header: 'Tags',
    width: 200,
    cell: ({ tags }) => {
      const all = Object.entries(tags);
      return (
        <span className="breaks-anywhere">{all.length === 0 ? '-' : all.map((tag) => tag.join('=')).join(', ')}</span>
      );
    },
  },
];
