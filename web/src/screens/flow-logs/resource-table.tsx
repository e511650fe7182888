/**
 * Chooses what flow logs are made of: VPCs, subnets or interfaces, with what already covers them.
 */
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import Tiles from '@cloudscape-design/components/tiles';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { CoverageAnswer } from '../../../../src/api/flow-logs.ts';
import type { Health } from '../../words/flow-logs.ts';
import { COVERED_WORDS } from '../../words/flow-logs.ts';
import { coverageText } from './coverage-text.ts';
import type { Draft } from './draft.ts';

type Row = {
  readonly id: string;
  readonly region: string;
  readonly name: string | null;
  readonly about: string;
  readonly covered: Health;
};

export function ResourceTable({
  coverage,
  kind,
  chosen,
  change,
}: {
  readonly coverage: CoverageAnswer;
  readonly kind: Draft['kind'];
  readonly chosen: Draft['resources'];
  readonly change: (kind: Draft['kind'], resources: Draft['resources']) => void;
}): ReactNode {
  const rows = useMemo(() => rowsOf(coverage, kind), [coverage, kind]);
  const { items, collectionProps, paginationProps, filterProps, filteredItemsCount } = useCollection(rows, {
    pagination: { pageSize: 12 },
    sorting: {},
    filtering: {
      filteringFunction: ({ id, name, about, region }, text) =>
        `${id} ${name ?? ''} ${about} ${region}`.toLowerCase().includes(text.toLowerCase()),
      noMatch: 'Nothing has these words.',
      empty: 'The network has none.',
    },
  });
  const ids = new Set(chosen.map(({ id }) => id));
  return (
    <Container>
      <SpaceBetween size="l">
        <FormField label="Kind of resource" stretch>
          <Tiles
            value={kind}
            columns={3}
            items={[
              { value: 'VPC', label: 'VPCs', description: 'Every interface in them.' },
              { value: 'Subnet', label: 'Subnets', description: 'Every interface in them.' },
              { value: 'NetworkInterface', label: 'Interfaces', description: 'One by one.' },
            ]}
            onChange={({ detail }) => change(detail.value as Draft['kind'], [])}
          />
        </FormField>
        <Table
          {...collectionProps}
          items={items}
          trackBy="id"
          selectionType="multi"
          selectedItems={rows.filter(({ id }) => ids.has(id))}
          onSelectionChange={({ detail }) =>
            change(
              kind,
              detail.selectedItems.map(({ id, region }) => ({ id, region })),
            )
          }
          variant="embedded"
          wrapLines
          ariaLabels={{
            tableLabel: 'Resources',
            selectionGroupLabel: 'Choose resources',
            allItemsSelectionLabel: () => 'All of this page',
            itemSelectionLabel: (_, { name, id }) => name ?? id,
          }}
          header={
            <Header variant="h2" counter={`(${chosen.length} of ${rows.length})`}>
              {kind === 'VPC' ? 'VPCs' : kind === 'Subnet' ? 'Subnets' : 'Interfaces'}
            </Header>
          }
          filter={
            <TextFilter
              {...filterProps}
              filteringAriaLabel="Find resources"
              filteringPlaceholder="Find by id, name, block or address"
              countText={`${filteredItemsCount ?? 0} found`}
            />
          }
          pagination={<Pagination {...paginationProps} />}
          columnDefinitions={[
            {
              id: 'id',
              header: 'Resource',
              minWidth: 160,
              isRowHeader: true,
              sortingField: 'id',
              cell: ({ id, name }) => (
                <span className="breaks-anywhere">
                  {name ?? id}
                  {name !== null && <div className="quiet">{id}</div>}
                </span>
              ),
            },
            { id: 'about', header: 'Is', minWidth: 130, cell: ({ about }) => about },
            { id: 'region', header: 'Region', minWidth: 105, sortingField: 'region', cell: ({ region }) => region },
            {
              id: 'covered',
              header: 'Recorded already',
              minWidth: 130,
              cell: ({ covered }) => <StatusIndicator type={covered.type}>{covered.text}</StatusIndicator>,
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

function rowsOf({ places, interfaces }: CoverageAnswer, kind: Draft['kind']): Row[] {
  if (kind === 'NetworkInterface')
    return interfaces.map(({ id, region, name, address, subnetId, covered }) => ({
      id,
      region,
      name,
      about: [address, subnetId].filter(Boolean).join(', ') || '-',
      covered: COVERED_WORDS[covered],
    }));
  return places
    .filter((place) => place.kind === kind)
    .map((place) => ({
      id: place.id,
      region: place.region,
      name: place.name,
      about: [place.cidrs.join(', '), `${place.interfaces} interfaces`].filter(Boolean).join(', '),
      covered: coverageText(place),
    }));
}
