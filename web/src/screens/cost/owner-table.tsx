/**
 * Who sent what is charged for.
 */
import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { CostReport } from '../../../../src/api/cost.ts';
import { OWNER_FIELDS } from '../../../../src/api/cost.ts';
import { bytesText, countText } from '../../format.ts';
import { amountText, CHARGE_WORDS, OWNER_WORDS } from '../../words/cost.ts';

const PAGE = 20;
const OPTIONS = OWNER_FIELDS.map((value) => ({ value, label: OWNER_WORDS[value] ?? value, description: value }));

export function OwnerTable({
  report: { owners, prices },
  loading,
  by,
  choose,
}: {
  readonly report: CostReport;
  readonly loading: boolean;
  readonly by: string;
  readonly choose: (by: string) => void;
}): ReactNode {
  const { items, collectionProps, paginationProps } = useCollection(owners, {
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
        trackBy={({ owner, charge }) => `${charge} ${owner}`}
        ariaLabels={{ tableLabel: 'Charges by owner' }}
        header={
          <Header
            variant="h2"
            counter={`(${countText(owners.length)})`}
            description="The interface that sent; behind a NAT gateway the one whose address sent."
            actions={
              <Select
                selectedOption={OPTIONS.find(({ value }) => value === by) ?? null}
                options={OPTIONS}
                onChange={({ detail }) => choose(detail.selectedOption.value ?? by)}
                ariaLabel="Owners are told apart by"
                expandToViewport
              />
            }
          >
            By owner
          </Header>
        }
        pagination={owners.length > PAGE && <Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: 'owner',
            header: OWNER_WORDS[by] ?? by,
            isRowHeader: true,
            minWidth: 180,
            sortingField: 'owner',
            cell: ({ owner }) =>
              owner === null ? (
                <span className="quiet">not told by the records</span>
              ) : (
                <span className="breaks-anywhere">{owner}</span>
              ),
          },
          {
            id: 'charge',
            header: 'What',
            minWidth: 220,
            sortingField: 'charge',
            cell: ({ charge }) => CHARGE_WORDS[charge],
          },
          { id: 'bytes', header: 'Bytes', sortingField: 'bytes', cell: ({ bytes }) => bytesText(bytes) },
          { id: 'cost', header: prices.currency, sortingField: 'cost', cell: ({ cost }) => amountText(cost) },
        ]}
        empty={
          <Box textAlign="center" padding="l">
            <b>No owner</b>
            <Box color="text-body-secondary">Nothing of this time range is charged for.</Box>
          </Box>
        }
      />
    </div>
  );
}
