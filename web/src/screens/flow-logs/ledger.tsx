/**
 * What the ledger says of a flow log: packets that were counted, and where each of them went; the newest objects.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { FlowLogDetails } from '../../../../src/api/flow-logs.ts';
import { bytesText, countText, timeText, timeTextUtc } from '../../format.ts';
import { ScreenLink } from '../../parts/named.tsx';
import { equalFilter, recordsAt } from '../../parts/screen-links.ts';
import { lossText } from '../../words/flow-logs.ts';

export function Ledger({
  details: { flowLog, ledger, ledgerProblem },
  lookElsewhere,
  isLooking,
}: {
  readonly details: FlowLogDetails;
  readonly lookElsewhere: () => void;
  readonly isLooking: boolean;
}): ReactNode {
  if (ledgerProblem !== null)
    return (
      <Alert
        type="warning"
        header="The ledger cannot be read"
        action={<Button onClick={lookElsewhere}>Try again</Button>}
      >
        <span className="breaks-anywhere">{ledgerProblem.message}</span>
        <Box variant="small">{ledgerProblem.code}</Box>
      </Alert>
    );
  if (ledger === null)
    return (
      <Alert
        type="info"
        header="The ledger lies in the bucket"
        action={
          <Button loading={isLooking} onClick={lookElsewhere}>
            Read it there
          </Button>
        }
      >
        Reading it asks S3 for a list and for each entry of this time range.
      </Alert>
    );
  const lost = Object.values(ledger.lost).reduce((sum, packets) => sum + packets, 0);
  const refused = Object.entries(ledger.refused);
  if (ledger.windows === 0 && ledger.objects === 0)
    return (
      <Box color="text-body-secondary">
        The ledger has nothing of this time range
        {flowLog.delivery.state === 'not-here' ? ': this host delivers nothing of it.' : '.'}
      </Box>
    );
  return (
    <SpaceBetween size="m">
      <Header
        variant="h3"
        description={`Slots from ${timeTextUtc(ledger.fromSeconds)} to ${timeTextUtc(ledger.toSeconds)}, as far as they are delivered.`}
      >
        Ledger
      </Header>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Packets counted', value: countText(ledger.counted) },
          { label: 'In records', value: countText(ledger.inRecords) },
          { label: 'Left out by the traffic type', value: countText(ledger.filtered) },
          {
            label: 'Lost',
            value:
              lost === 0
                ? 'none'
                : Object.entries(ledger.lost)
                    .map(([cause, packets]) => `${countText(packets)}: ${lossText(cause)}`)
                    .join('; '),
          },
          { label: 'Records', value: countText(ledger.records) },
          { label: 'Objects', value: `${countText(ledger.objects)}, ${bytesText(ledger.objectBytes)}` },
          { label: 'NODATA and SKIPDATA', value: <Empty ledger={ledger} flowLog={flowLog} /> },
          {
            label: 'Windows nobody counted',
            value: ledger.cut === 0 ? 'none' : `${countText(ledger.cut)}: a process was killed in them`,
          },
          ...(refused.length === 0
            ? []
            : [
                {
                  label: 'Refused for good by the destination',
                  value: refused.map(([cause, records]) => `${countText(records)} ${cause}`).join('; '),
                },
              ]),
        ]}
      />
      {ledger.newest.length > 0 && (
        <Table
          items={ledger.newest}
          trackBy="key"
          variant="embedded"
          wrapLines
          ariaLabels={{ tableLabel: 'Newest objects' }}
          header={
            <Header
              variant="h3"
              counter={
                ledger.objects > ledger.newest.length
                  ? `(${ledger.newest.length} of ${ledger.objects})`
                  : `(${ledger.objects})`
              }
            >
              Newest objects
            </Header>
          }
          columnDefinitions={[
            { id: 'slot', header: 'Slot (UTC)', width: 170, cell: ({ slotSeconds }) => timeText(slotSeconds) },
            { id: 'records', header: 'Records', width: 110, cell: ({ records }) => countText(records) },
            { id: 'size', header: 'Size', width: 110, cell: ({ sizeBytes }) => bytesText(sizeBytes) },
            {
              id: 'key',
              header: 'Key',
              isRowHeader: true,
              cell: ({ key }) => <span className="breaks-anywhere">{key}</span>,
            },
          ]}
        />
      )}
    </SpaceBetween>
  );
}

/** Records that say that there was no packet, or that some were skipped; the latter lead to their rows. */
function Empty({
  ledger: { noData, skipData },
  flowLog: { resourceType, resourceId },
}: {
  readonly ledger: NonNullable<FlowLogDetails['ledger']>;
  readonly flowLog: FlowLogDetails['flowLog'];
}): ReactNode {
  const own = resourceType === 'NetworkInterface' ? { 'interface-id': resourceId } : {};
  return (
    <>
      {countText(noData)} and{' '}
      {skipData === 0 ? (
        '0'
      ) : (
        <ScreenLink
          to={recordsAt(equalFilter({ 'log-status': 'SKIPDATA', ...own }))}
          label={`${countText(skipData)} SKIPDATA records`}
        >
          {countText(skipData)}
        </ScreenLink>
      )}
    </>
  );
}
