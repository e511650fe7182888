/**
 * What bytes are charged for, the dearest first.
 */
import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { CostReport } from '../../../../src/api/cost.ts';
import { bytesText, countText } from '../../format.ts';
import { amountText, CHARGE_WORDS } from '../../words/cost.ts';

const PAGE = 20;

export function ChargeTable({
  report: { charges, prices },
  loading,
}: {
  readonly report: CostReport;
  readonly loading: boolean;
}): ReactNode {
  const { items, collectionProps, paginationProps } = useCollection(charges, {
    pagination: { pageSize: PAGE },
    sorting: {},
  });
  return (
    <div className={loading ? 'is-old' : undefined}>
      <Table
        {...collectionProps}
        items={items}
        variant="container"
        wrapLines
        trackBy={({ charge, fromZone, toZone, estimated }) => `${charge} ${fromZone} ${toZone} ${estimated}`}
        ariaLabels={{ tableLabel: 'Charges' }}
        header={
          <Header
            variant="h2"
            counter={`(${countText(charges.length)})`}
            description="By way and pair of zones. A byte that is charged for twice is in two lines."
          >
            Charged for
          </Header>
        }
        pagination={charges.length > PAGE && <Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: 'charge',
            header: 'What',
            isRowHeader: true,
            minWidth: 220,
            sortingField: 'charge',
            cell: ({ charge }) => CHARGE_WORDS[charge],
          },
          {
            id: 'zones',
            header: 'Zones',
            minWidth: 150,
            sortingField: 'fromZone',
            cell: ({ fromZone, toZone }) =>
              fromZone === null ? '-' : <span className="breaks-anywhere">{`${fromZone} to ${toZone}`}</span>,
          },
          { id: 'bytes', header: 'Bytes', sortingField: 'bytes', cell: ({ bytes }) => bytesText(bytes) },
          {
            id: 'perGB',
            header: `${prices.currency} a GB`,
            sortingField: 'perGB',
            minWidth: 110,
            cell: ({ perGB }) => perGB ?? '-',
          },
          { id: 'cost', header: prices.currency, sortingField: 'cost', cell: ({ cost }) => amountText(cost) },
          {
            id: 'estimated',
            header: 'Known by',
            minWidth: 130,
            cell: ({ estimated }) =>
              estimated ? <StatusIndicator type="info">Estimated</StatusIndicator> : 'Fields of the records',
          },
        ]}
        empty={
          <Box textAlign="center" padding="l">
            <b>Nothing that is charged for</b>
            <Box color="text-body-secondary">The records of this time range tell of no such way.</Box>
          </Box>
        }
      />
    </div>
  );
}
