/**
 * One flow log, in the panel: deliveries and ledger, format, tags, and ways to its records.
 */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FlowLogDetails, FlowLogRow } from '../../../../src/api/flow-logs.ts';
import { bytesText, countText, durationText, manyText, timeTextUtc } from '../../format.ts';
import { CodeText } from '../../parts/code-text.tsx';
import { Failure } from '../../parts/failure.tsx';
import { ScreenLink } from '../../parts/named.tsx';
import { equalFilter, recordsAt } from '../../parts/screen-links.ts';
import { Waiting } from '../../parts/waiting.tsx';
import { SidePanel } from '../../side-panel.tsx';
import { useTimeQuery } from '../../url-state.ts';
import { useCall } from '../../use-call.ts';
import {
  DESTINATION_WORDS,
  healthOf,
  intervalText,
  placeText,
  RESOURCE_WORDS,
  TRAFFIC_WORDS,
} from '../../words/flow-logs.ts';
import { Capabilities } from './capabilities.tsx';
import { Ledger } from './ledger.tsx';

export function Details({
  row,
  nowSeconds,
  close,
  editTags,
}: {
  readonly row: FlowLogRow;
  readonly nowSeconds: number;
  readonly close: () => void;
  readonly editTags: () => void;
}): ReactNode {
  const time = useTimeQuery();
  const [elsewhere, setElsewhere] = useState(false);
  const asked = useCall<FlowLogDetails>(
    `/api/flow-logs/${encodeURIComponent(row.id)}?${time}${elsewhere ? '&ledger=elsewhere' : ''}`,
  );
  const { last } = asked;
  return (
    <SidePanel title={row.name ?? row.id} close={close}>
      <Tabs
        tabs={[
          { id: 'about', label: 'About', content: <About row={row} nowSeconds={nowSeconds} /> },
          {
            id: 'delivery',
            label: 'Delivery and ledger',
            content: (
              <SpaceBetween size="l">
                <Delivery row={row} nowSeconds={nowSeconds} />
                {asked.state === 'failed' && <Failure error={asked.error} again={asked.reload} />}
                {asked.state === 'loading' && last === null && <Waiting what="Reading the ledger" />}
                {last !== null && asked.state !== 'failed' && (
                  <Ledger
                    details={last}
                    lookElsewhere={() => setElsewhere(true)}
                    isLooking={asked.state === 'loading'}
                  />
                )}
              </SpaceBetween>
            ),
          },
          {
            id: 'format',
            label: 'Format',
            content: (
              <SpaceBetween size="l">
                <CodeText text={row.format} label="the log format" />
                {last !== null && last.preview !== null && (
                  <>
                    <div>
                      <Box variant="h4">What a file looks like, with examples that are made up</Box>
                      <CodeText text={[last.preview.header, ...last.preview.examples].join('\n')} label="the example" />
                    </div>
                    <Capabilities capabilities={last.preview.capabilities} />
                  </>
                )}
              </SpaceBetween>
            ),
          },
          {
            id: 'tags',
            label: `Tags (${Object.keys(row.tags).length})`,
            content: (
              <SpaceBetween size="m">
                {Object.keys(row.tags).length === 0 ? (
                  <Box color="text-body-secondary">It has no tags.</Box>
                ) : (
                  <KeyValuePairs
                    columns={4}
                    items={Object.entries(row.tags).map(([label, value]) => ({
                      label: <span className="breaks-anywhere">{label}</span>,
                      value: <span className="breaks-anywhere">{value === '' ? '-' : value}</span>,
                    }))}
                  />
                )}
                <Button disabled={!row.mayChange} onClick={editTags}>
                  Edit tags
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </SidePanel>
  );
}

function About({ row, nowSeconds }: { readonly row: FlowLogRow; readonly nowSeconds: number }): ReactNode {
  const { destination, resourceType, resourceId, resourceName, createdSeconds, endsSeconds } = row;
  const filter = resourceFilter(row);
  const health = healthOf(row, nowSeconds);
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Flow log', value: row.id },
          {
            label: 'Resource',
            value: `${RESOURCE_WORDS[resourceType]} ${resourceName === null ? resourceId : `${resourceName} (${resourceId})`}`,
          },
          { label: 'Traffic', value: row.traffic === null ? '-' : TRAFFIC_WORDS[row.traffic] },
          { label: 'Delivery', value: <StatusIndicator type={health.type}>{health.text}</StatusIndicator> },
          {
            label: 'Destination',
            value: (
              <span className="breaks-anywhere">
                {DESTINATION_WORDS[destination.type]}: {placeText(destination)}
              </span>
            ),
          },
          { label: 'Files', value: filesText(row) },
          { label: 'Aggregation interval', value: intervalText(row.intervalSeconds) },
          { label: 'Interfaces covered now', value: countText(row.interfaces) },
          { label: 'Account and region', value: `${row.account} ${row.region}` },
          {
            label: createdSeconds !== null && createdSeconds > nowSeconds ? 'Takes over at' : 'Created',
            value: createdSeconds === null ? '-' : timeTextUtc(createdSeconds),
          },
          ...(endsSeconds === null
            ? []
            : [{ label: 'Ends, when another takes over', value: timeTextUtc(endsSeconds) }]),
          ...(destination.role === null
            ? []
            : [{ label: 'Role', value: <span className="breaks-anywhere">{destination.role}</span> }]),
        ]}
      />
      {filter !== null && <ScreenLink to={recordsAt(filter)}>Records of its resource in this time range</ScreenLink>}
    </SpaceBetween>
  );
}

/** By the resource, where records of its format name one. */
function resourceFilter({ format, resourceId, resourceType }: FlowLogRow): string | null {
  const field = { VPC: 'vpc-id', Subnet: 'subnet-id', NetworkInterface: 'interface-id', other: null }[resourceType];
  return field !== null && format.includes(`\${${field}}`) ? equalFilter({ [field]: resourceId }) : null;
}

function filesText({ destination: { fileFormat, hive, hourly } }: FlowLogRow): string {
  if (fileFormat === null) return 'Lines of text';
  const kind = fileFormat === 'parquet' ? 'Parquet' : 'Text, gzip';
  return [kind, hive ? 'Hive folders' : null, hourly ? 'a folder for each hour' : null].filter(Boolean).join(', ');
}

function Delivery({
  row: { delivery, newestSeconds },
  nowSeconds,
}: {
  readonly row: FlowLogRow;
  readonly nowSeconds: number;
}): ReactNode {
  const { failures, lastError, nextAttemptSeconds, lastDeliveredSeconds, waitingSegments, waitingBytes } = delivery;
  const ago = (seconds: number): string => `${durationText(Math.max(0, nowSeconds - seconds))} ago`;
  return (
    <SpaceBetween size="m">
      {lastError !== null && (
        <Alert
          type={failures > 0 ? 'error' : 'info'}
          header={failures > 0 ? `Failed ${failures} times in a row` : 'The last error, which is over'}
        >
          <span className="breaks-anywhere">{lastError.message}</span>
          <Box variant="small" color="text-body-secondary">
            {lastError.code} · {timeTextUtc(lastError.atSeconds)}
            {nextAttemptSeconds !== null &&
              nextAttemptSeconds > nowSeconds &&
              ` · tried again in ${durationText(nextAttemptSeconds - nowSeconds)}`}
          </Box>
        </Alert>
      )}
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Newest window', value: newestSeconds === null ? 'not known' : ago(newestSeconds) },
          {
            label: 'Last delivery there',
            value: lastDeliveredSeconds === null ? 'none yet' : ago(lastDeliveredSeconds),
          },
          {
            label: 'Waiting on this host',
            value:
              waitingSegments === 0 ? 'nothing' : `${manyText(waitingSegments, 'segment')}, ${bytesText(waitingBytes)}`,
          },
          {
            label: 'Oldest that waits',
            value: delivery.oldestWaitingSeconds === null ? '-' : timeTextUtc(delivery.oldestWaitingSeconds),
          },
        ]}
      />
    </SpaceBetween>
  );
}
