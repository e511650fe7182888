/**
 * What lies there of each day: objects, and what the lake has of them.
 */
import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { StorageAnswer, StoredDay } from '../../../../src/api/storage.ts';
import { bytesText, countText } from '../../format.ts';

const PAGE = 31;

export function DayTable({ answer: { days } }: { readonly answer: StorageAnswer }): ReactNode {
  const { items, collectionProps, paginationProps } = useCollection(days, {
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: { sortingField: 'day' }, isDescending: true } },
  });
  return (
    <Table
      {...collectionProps}
      items={items}
      variant="container"
      wrapLines
      trackBy="day"
      ariaLabels={{ tableLabel: 'Objects and lake by day' }}
      header={
        <Header
          variant="h2"
          counter={`(${countText(days.length)})`}
          description="UTC days of the objects; what came late lies in the day in which it came."
        >
          By day
        </Header>
      }
      pagination={days.length > PAGE && <Pagination {...paginationProps} />}
      columnDefinitions={[
        { id: 'day', header: 'Day', isRowHeader: true, minWidth: 110, sortingField: 'day', cell: ({ day }) => day },
        { id: 'state', header: 'State', minWidth: 150, cell: (day) => <State day={day} /> },
        {
          id: 'objects',
          header: 'Objects',
          minWidth: 130,
          sortingField: 'objects',
          cell: ({ objects, bytes }) => <Two first={countText(objects)} second={bytesText(bytes)} />,
        },
        { id: 'removed', header: 'Removed', sortingField: 'removed', cell: ({ removed }) => countText(removed) },
        {
          id: 'files',
          header: 'Lake files',
          minWidth: 130,
          sortingField: 'fileBytes',
          cell: ({ files, fileBytes }) => <Two first={countText(files)} second={bytesText(fileBytes)} />,
        },
        {
          id: 'rollups',
          header: 'Sums',
          sortingField: 'rollupBytes',
          cell: ({ rollupBytes }) => bytesText(rollupBytes),
        },
        { id: 'records', header: 'Records', sortingField: 'records', cell: ({ records }) => countText(records) },
      ]}
      empty={
        <Box textAlign="center" padding="l">
          <b>No day yet</b>
          <Box color="text-body-secondary">The first comes when a capture window has closed.</Box>
        </Box>
      }
    />
  );
}

function Two({ first, second }: { readonly first: string; readonly second: string }): ReactNode {
  return (
    <span className="one-line">
      {first}
      <span className="quiet"> ({second})</span>
    </span>
  );
}

function State({ day: { objects, compacted, due, files, retired, records } }: { readonly day: StoredDay }): ReactNode {
  if (retired > 0 && records === 0 && objects === compacted)
    return <StatusIndicator type="stopped">Sums only</StatusIndicator>;
  if (due > 0) return <StatusIndicator type="pending">{countText(due)} due</StatusIndicator>;
  if (objects > compacted)
    return <StatusIndicator type="in-progress">{files > 0 ? 'In part' : 'Waiting'}</StatusIndicator>;
  return <StatusIndicator type="success">In the lake</StatusIndicator>;
}
