/**
 * What lies there of each flow log.
 */
import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { StorageAnswer } from '../../../../src/api/storage.ts';
import { bytesText, countText, timeText } from '../../format.ts';
import { ScreenLink } from '../../parts/named.tsx';

const PAGE = 20;
const FORMATS = { 'plain-text': 'text', parquet: 'Parquet' } as const;

export function FlowLogTable({ answer: { flowLogs } }: { readonly answer: StorageAnswer }): ReactNode {
  const { items, collectionProps, paginationProps } = useCollection(flowLogs, {
    pagination: { pageSize: PAGE },
    sorting: { defaultState: { sortingColumn: { sortingField: 'bytes' }, isDescending: true } },
  });
  return (
    <Table
      {...collectionProps}
      items={items}
      variant="container"
      wrapLines
      trackBy={({ flowLogId, format }) => `${flowLogId} ${format}`}
      ariaLabels={{ tableLabel: 'Objects by flow log' }}
      header={
        <Header variant="h2" counter={`(${countText(flowLogs.length)})`}>
          By flow log
        </Header>
      }
      pagination={flowLogs.length > PAGE && <Pagination {...paginationProps} />}
      columnDefinitions={[
        {
          id: 'flowLogId',
          header: 'Flow log',
          isRowHeader: true,
          minWidth: 200,
          sortingField: 'flowLogId',
          cell: ({ flowLogId, format }) => (
            <>
              <ScreenLink to={['/flow-logs', { id: flowLogId }]} label={`Flow log ${flowLogId}`}>
                {flowLogId}
              </ScreenLink>
              <div className="quiet">{FORMATS[format]}</div>
            </>
          ),
        },
        { id: 'objects', header: 'Objects', sortingField: 'objects', cell: ({ objects }) => countText(objects) },
        { id: 'bytes', header: 'Size', sortingField: 'bytes', cell: ({ bytes }) => bytesText(bytes) },
        {
          id: 'compacted',
          header: 'In the lake',
          minWidth: 110,
          sortingField: 'compacted',
          cell: ({ compacted }) => countText(compacted),
        },
        { id: 'removed', header: 'Removed', sortingField: 'removed', cell: ({ removed }) => countText(removed) },
        {
          id: 'first',
          header: 'Oldest, newest (UTC)',
          minWidth: 175,
          sortingField: 'firstSeconds',
          cell: ({ firstSeconds, lastSeconds }) => (
            <span className="one-line">
              {timeText(firstSeconds)}
              <br />
              {timeText(lastSeconds)}
            </span>
          ),
        },
      ]}
      empty={
        <Box textAlign="center" padding="l">
          <b>No object yet</b>
          <Box color="text-body-secondary">The first comes when a capture window has closed.</Box>
        </Box>
      }
    />
  );
}
