/**
 * What a month of flow logs like these costs, delivered to one place.
 */
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { CostReport } from '../../../../src/api/cost.ts';
import { bytesText } from '../../format.ts';
import { amountText, logText } from '../../words/cost.ts';

export function LogTable({ report: { log, prices } }: { readonly report: CostReport }): ReactNode {
  return (
    <Table
      items={log.amounts}
      variant="container"
      wrapLines
      trackBy={logText}
      ariaLabels={{ tableLabel: 'Cost of the flow logs' }}
      header={
        <Header
          variant="h2"
          description="For 30 days of as many records as in this time range, delivered to one place."
        >
          The flow logs themselves
        </Header>
      }
      columnDefinitions={[
        { id: 'where', header: 'Delivered to', isRowHeader: true, minWidth: 180, cell: logText },
        { id: 'bytes', header: 'Text', cell: ({ bytesAMonth }) => bytesText(bytesAMonth) },
        {
          id: 'delivery',
          header: `Delivery, ${prices.currency}`,
          cell: ({ deliveryAMonth }) => amountText(deliveryAMonth),
        },
        {
          id: 'storage',
          header: `Storage, ${prices.currency}`,
          cell: ({ storageAMonth }) => (storageAMonth === null ? 'not known' : amountText(storageAMonth)),
        },
      ]}
      empty={
        <Box textAlign="center" padding="l">
          <b>No records</b>
        </Box>
      }
    />
  );
}
