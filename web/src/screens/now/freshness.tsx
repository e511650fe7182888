/**
 * How fresh the records of each flow log are.
 */
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { Explored } from '../../../../src/api/explore.ts';
import type { FlowLogRow, FlowLogsAnswer } from '../../../../src/api/flow-logs.ts';
import { countText, durationText, manyText } from '../../format.ts';
import { Failure } from '../../parts/failure.tsx';
import { ScreenLink } from '../../parts/named.tsx';
import { useCall } from '../../use-call.ts';
import { freshnessOf } from './fresh.ts';

const RELOAD_MILLIS = 10_000;
/** Windows close once a minute. */
const SKIPPED_MILLIS = 60_000;
const SKIPPED = 'log-status=SKIPDATA';
const SKIPPED_PATH = `/api/explore?${new URLSearchParams({ last: '1h', by: 'interface-id', measure: 'records', points: '1', top: '500', filter: SKIPPED })}`;
/** The rest is on its own screen. */
const MOST = 10;

export function Freshness(): ReactNode {
  const called = useCall<FlowLogsAnswer>('/api/flow-logs');
  const { reload, last } = called;
  useEffect(() => {
    const timer = setInterval(reload, RELOAD_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
  const skipped = useSkipped();
  if (last === null && called.state === 'failed') return <Failure error={called.error} again={reload} />;
  const all = last?.flowLogs ?? [];
  const shown = [...all].sort((a, b) => ageOf(b, last!) - ageOf(a, last!)).slice(0, MOST);
  return (
    <Table<FlowLogRow>
      items={shown}
      trackBy="id"
      variant="container"
      loading={last === null}
      loadingText="Looking at flow logs"
      header={
        <Header
          variant="h2"
          counter={last === null ? '' : `(${countText(all.length)})`}
          description={
            all.length > MOST
              ? `The ${MOST} whose records are oldest; all are on the screen Flow logs.`
              : 'How long ago the newest window ended that is delivered; the ones that wait longest first.'
          }
          actions={<ScreenLink to={['/flow-logs', {}]}>Flow logs</ScreenLink>}
        >
          Freshness of flow logs
        </Header>
      }
      columnDefinitions={[
        {
          id: 'id',
          header: 'Flow log',
          isRowHeader: true,
          cell: ({ id, name }) => (
            <ScreenLink to={['/flow-logs', { id }]} label={`Flow log ${name ?? id}`}>
              <span className="breaks-anywhere">{name ?? id}</span>
            </ScreenLink>
          ),
        },
        { id: 'of', header: 'Of', cell: ({ resourceName, resourceId }) => resourceName ?? resourceId },
        {
          id: 'newest',
          header: 'Newest delivered window',
          cell: (row) => {
            const { type, words } = freshnessOf(row, last!.nowSeconds);
            return <StatusIndicator type={type}>{words}</StatusIndicator>;
          },
        },
        {
          id: 'waiting',
          header: 'Waiting',
          cell: ({ delivery: { waitingSegments } }) =>
            waitingSegments === 0 ? 'nothing' : manyText(waitingSegments, 'segment'),
        },
        {
          id: 'skipped',
          header: 'Skipped, last hour',
          cell: (row) => <Skipped row={row} skipped={skipped} />,
        },
        { id: 'interval', header: 'Window', cell: ({ intervalSeconds }) => durationText(intervalSeconds) },
        {
          id: 'place',
          header: 'To',
          cell: ({ destination: { place } }) => <span className="breaks-anywhere">{place}</span>,
        },
      ]}
      empty={
        <Box textAlign="center" padding="s">
          There is no flow log, so nothing becomes a record. <ScreenLink to={['/flow-logs', {}]}>Create one</ScreenLink>
          .
        </Box>
      }
    />
  );
}

/** By interface: records of the last hour that say that packets were skipped; null where that is not known. */
function useSkipped(): ReadonlyMap<string, number> | null {
  const { last, reload } = useCall<Explored>(SKIPPED_PATH);
  useEffect(() => {
    const timer = setInterval(reload, SKIPPED_MILLIS);
    return () => clearInterval(timer);
  }, [reload]);
  return useMemo(
    () =>
      last === null ? null : new Map(last.groups.map(({ values, amounts }) => [String(values[0]), amounts.records])),
    [last],
  );
}

/** Records have no flow log: of a VPC or subnet those of all interfaces are what there is to see. */
function Skipped({
  row: { resourceType, resourceId },
  skipped,
}: {
  readonly row: FlowLogRow;
  readonly skipped: ReadonlyMap<string, number> | null;
}): ReactNode {
  if (skipped === null) return '-';
  const isOne = resourceType === 'NetworkInterface';
  const count = isOne ? (skipped.get(resourceId) ?? 0) : [...skipped.values()].reduce((sum, one) => sum + one, 0);
  if (count === 0) return 'nothing';
  const filter = isOne ? `${SKIPPED},interface-id=${resourceId}` : SKIPPED;
  const words = `${manyText(count, 'record')}${isOne ? '' : ' of all'}`;
  return (
    <ScreenLink to={['/explore', { last: '1h', tab: 'records', filter }]} label={`${words}: SKIPDATA of ${resourceId}`}>
      {words}
    </ScreenLink>
  );
}

function ageOf({ newestSeconds }: FlowLogRow, { nowSeconds }: FlowLogsAnswer): number {
  return newestSeconds === null ? Infinity : nowSeconds - newestSeconds;
}
