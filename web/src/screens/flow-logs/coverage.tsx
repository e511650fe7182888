/**
 * Which interfaces have records, which have some, and which none; the way to a flow log for them.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { CoverageAnswer, CoveredInterface, CoveredPlace } from '../../../../src/api/flow-logs.ts';
import { countText, shareText } from '../../format.ts';
import '../../parts/explain.css';
import { Failure } from '../../parts/failure.tsx';
import { ScreenLink } from '../../parts/named.tsx';
import { Notes } from '../../parts/notes.tsx';
import { equalFilter, recordsAt } from '../../parts/screen-links.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { useCall } from '../../use-call.ts';
import { COVERED_WORDS } from '../../words/flow-logs.ts';
import { coverageText } from './coverage-text.ts';

export function Coverage({
  mayCreate,
  create,
}: {
  readonly mayCreate: boolean;
  /** Makes a flow log for these. */
  readonly create: (ids: readonly string[]) => void;
}): ReactNode {
  const asked = useCall<CoverageAnswer>('/api/coverage');
  const { last } = asked;
  if (asked.state === 'failed') return <Failure error={asked.error} again={asked.reload} />;
  if (last === null)
    return (
      <Container>
        <Waiting what="Looking at what is covered" />
      </Container>
    );
  return (
    <SpaceBetween size="l">
      <Summary answer={last} />
      <Places places={last.places} mayCreate={mayCreate} create={create} />
      <Interfaces interfaces={last.interfaces} mayCreate={mayCreate} create={create} />
      <Notes notUnderstood={last.notUnderstood} />
    </SpaceBetween>
  );
}

function Summary({ answer: { interfaces } }: { readonly answer: CoverageAnswer }): ReactNode {
  const count = (is: (one: CoveredInterface) => boolean): number => interfaces.filter(is).length;
  const whole = count(({ covered }) => covered === 'all');
  const none = count(({ covered }) => covered === 'none');
  const unseen = count(({ covered, device }) => covered !== 'none' && device === null);
  return (
    <Container>
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={4}
          items={[
            {
              label: 'Interfaces with all their traffic',
              value: (
                <>
                  <Box variant="awsui-value-large" display="block">
                    {countText(whole)}
                  </Box>
                  {interfaces.length > 0 && (
                    <Box variant="small" color="text-body-secondary">
                      {shareText(whole / interfaces.length)} of all
                    </Box>
                  )}
                </>
              ),
            },
            {
              label: 'With a part of it',
              value: <Box variant="awsui-value-large">{countText(interfaces.length - whole - none)}</Box>,
            },
            { label: 'Without records', value: <Box variant="awsui-value-large">{countText(none)}</Box> },
            {
              label: 'Covered, and captured by no host',
              value: <Box variant="awsui-value-large">{countText(unseen)}</Box>,
            },
          ]}
        />
        {unseen > 0 && (
          <Alert type="info">
            What no host captures has no records of flowgauge’s own, whatever covers it: attach its device with{' '}
            <Box variant="code">flowgauge attach</Box>, or import its records.
          </Alert>
        )}
      </SpaceBetween>
    </Container>
  );
}

type Chosen = { readonly mayCreate: boolean; readonly create: (ids: readonly string[]) => void };

function Places({ places, mayCreate, create }: Chosen & { readonly places: readonly CoveredPlace[] }): ReactNode {
  const lacking = useMemo(
    () => places.toSorted((a, b) => b.uncovered + b.partly - a.uncovered - a.partly || (a.id < b.id ? -1 : 1)),
    [places],
  );
  const { items, collectionProps, paginationProps } = useCollection(lacking, {
    pagination: { pageSize: 10 },
    sorting: {},
    selection: { trackBy: 'id' },
  });
  const selected = collectionProps.selectedItems ?? [];
  const kinds = new Set(selected.map(({ kind }) => kind));
  const isWrong = !mayCreate || selected.length === 0 || kinds.size > 1;
  return (
    <Table
      {...collectionProps}
      items={items}
      selectionType="multi"
      trackBy="id"
      wrapLines
      resizableColumns
      ariaLabels={{
        tableLabel: 'VPCs and subnets',
        selectionGroupLabel: 'Choose VPCs or subnets',
        allItemsSelectionLabel: () => 'All of this page',
        itemSelectionLabel: (_, { name, id }) => name ?? id,
      }}
      header={
        <Header
          variant="h2"
          counter={`(${places.length})`}
          description="Those whose interfaces lack most come first."
          actions={
            <Button
              disabled={isWrong}
              disabledReason={
                !mayCreate
                  ? 'Your key may only read.'
                  : selected.length === 0
                    ? 'Choose VPCs or subnets.'
                    : 'A flow log is made of VPCs or of subnets, not of both at once.'
              }
              onClick={() => create(selected.map(({ id }) => id))}
            >
              Create flow logs for them
            </Button>
          }
        >
          VPCs and subnets
        </Header>
      }
      pagination={places.length > 10 && <Pagination {...paginationProps} />}
      empty="There are no VPCs."
      columnDefinitions={[
        {
          id: 'id',
          header: 'VPC or subnet',
          width: 245,
          isRowHeader: true,
          sortingField: 'id',
          cell: ({ id, name, kind }) => (
            <span className="breaks-anywhere">
              {kind} {name ?? id}
              {name !== null && <div className="quiet">{id}</div>}
            </span>
          ),
        },
        { id: 'cidrs', header: 'Blocks', width: 150, cell: ({ cidrs }) => cidrs.join(', ') || '-' },
        { id: 'zone', header: 'Zone', width: 105, sortingField: 'azId', cell: ({ azId }) => azId ?? '-' },
        {
          id: 'interfaces',
          header: 'Interfaces',
          width: 135,
          sortingField: 'interfaces',
          cell: ({ interfaces }) => countText(interfaces),
        },
        {
          id: 'covered',
          header: 'Covered',
          width: 200,
          sortingField: 'uncovered',
          cell: (place) => {
            const { type, text } = coverageText(place);
            return <StatusIndicator type={type}>{text}</StatusIndicator>;
          },
        },
      ]}
    />
  );
}

function Interfaces({
  interfaces,
  mayCreate,
  create,
}: Chosen & { readonly interfaces: readonly CoveredInterface[] }): ReactNode {
  const [onlyLacking, setOnlyLacking] = useState(true);
  const shown = useMemo(
    () => (onlyLacking ? interfaces.filter(({ covered }) => covered !== 'all') : interfaces),
    [interfaces, onlyLacking],
  );
  const { items, collectionProps, paginationProps, filterProps, filteredItemsCount } = useCollection(shown, {
    pagination: { pageSize: 20 },
    sorting: {},
    selection: { trackBy: 'id' },
    filtering: {
      filteringFunction: ({ id, name, address, vpcId, subnetId, instanceId }, text) =>
        [id, name, address, vpcId, subnetId, instanceId].join(' ').toLowerCase().includes(text.toLowerCase()),
      noMatch: 'No interface has these words.',
      empty: onlyLacking ? 'Every interface has records of all its traffic.' : 'There are no interfaces.',
    },
  });
  const selected = collectionProps.selectedItems ?? [];
  return (
    <Table
      {...collectionProps}
      items={items}
      selectionType="multi"
      trackBy="id"
      wrapLines
      resizableColumns
      ariaLabels={{
        tableLabel: 'Interfaces',
        selectionGroupLabel: 'Choose interfaces',
        allItemsSelectionLabel: () => 'All of this page',
        itemSelectionLabel: (_, { name, id }) => name ?? id,
      }}
      header={
        <Header
          variant="h2"
          counter={`(${countText(shown.length)} of ${countText(interfaces.length)})`}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => setOnlyLacking(!onlyLacking)}>
                {onlyLacking ? 'Show all' : 'Show those that lack records'}
              </Button>
              <Button
                disabled={!mayCreate || selected.length === 0}
                disabledReason={mayCreate ? 'Choose interfaces.' : 'Your key may only read.'}
                onClick={() => create(selected.map(({ id }) => id))}
              >
                Create flow logs for them
              </Button>
            </SpaceBetween>
          }
        >
          {onlyLacking ? 'Interfaces that lack records' : 'Interfaces'}
        </Header>
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringAriaLabel="Find interfaces"
          filteringPlaceholder="Find by id, name, address, subnet or instance"
          countText={`${filteredItemsCount ?? 0} found`}
        />
      }
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={[
        {
          id: 'id',
          header: 'Interface',
          width: 190,
          isRowHeader: true,
          sortingField: 'id',
          cell: ({ id, name }) => (
            <span className="breaks-anywhere">
              <ScreenLink to={recordsAt(equalFilter({ 'interface-id': id }))} label={`Records of ${name ?? id}`}>
                {name ?? id}
              </ScreenLink>
              {name !== null && <div className="quiet">{id}</div>}
            </span>
          ),
        },
        {
          id: 'address',
          header: 'Address',
          width: 125,
          sortingField: 'address',
          cell: ({ address }) => address ?? '-',
        },
        {
          id: 'subnet',
          header: 'Subnet',
          width: 170,
          sortingField: 'subnetId',
          cell: ({ subnetId }) => <span className="breaks-anywhere">{subnetId ?? '-'}</span>,
        },
        { id: 'kind', header: 'Kind', width: 105, sortingField: 'kind', cell: ({ kind }) => kind },
        {
          id: 'covered',
          header: 'Recorded',
          width: 130,
          sortingField: 'covered',
          cell: ({ covered }) => (
            <StatusIndicator type={COVERED_WORDS[covered].type}>{COVERED_WORDS[covered].text}</StatusIndicator>
          ),
        },
        {
          id: 'device',
          header: 'Captured on',
          width: 120,
          cell: ({ device }) => <span className="breaks-anywhere">{device ?? 'no host'}</span>,
        },
      ]}
    />
  );
}
