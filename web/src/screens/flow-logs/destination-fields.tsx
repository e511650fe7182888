/**
 * Where the records of a flow log go.
 */
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import type { ReactNode } from 'react';
import type { FlowLogRow, NewDestination } from '../../../../src/api/flow-logs.ts';
import { DESTINATION_WORDS } from '../../words/flow-logs.ts';
import { DESTINATIONS, LOCAL_BUCKET } from './draft.ts';

const PLACES = {
  s3: {
    label: 'Bucket',
    description: `ARN of a bucket, with a prefix or without. ${LOCAL_BUCKET} is this machine’s own.`,
    example: 'arn:aws:s3:::bucket/prefix/',
  },
  'cloud-watch-logs': {
    label: 'Log group',
    description: 'Its name or ARN. It is made with the first records.',
    example: 'flow-logs',
  },
  'kinesis-data-firehose': {
    label: 'Delivery stream',
    description: 'ARN of a stream with direct put.',
    example: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/flows',
  },
} as const;

export function DestinationFields({
  destination,
  flowLogs,
  error,
  change,
}: {
  readonly destination: NewDestination;
  /** Their destinations are offered. */
  readonly flowLogs: readonly FlowLogRow[];
  readonly error: string | null;
  readonly change: (destination: NewDestination) => void;
}): ReactNode {
  const { type, place, role, fileFormat, hive, hourly } = destination;
  const { label, description, example } = PLACES[type];
  const offered = [
    ...(type === 's3' ? [LOCAL_BUCKET] : []),
    ...flowLogs.filter((one) => one.destination.type === type).map((one) => one.destination.place),
  ];
  return (
    <SpaceBetween size="l">
      <FormField label="Destination" stretch>
        <Tiles
          value={type}
          columns={3}
          items={[
            {
              value: 's3',
              label: DESTINATION_WORDS.s3,
              description: 'Objects for each five minutes: text or Parquet.',
            },
            {
              value: 'cloud-watch-logs',
              label: DESTINATION_WORDS['cloud-watch-logs'],
              description: 'A log stream for each interface.',
            },
            {
              value: 'kinesis-data-firehose',
              label: DESTINATION_WORDS['kinesis-data-firehose'],
              description: 'A delivery stream takes the lines.',
            },
          ]}
          onChange={({ detail }) => change(DESTINATIONS[detail.value as NewDestination['type']])}
        />
      </FormField>
      <FormField label={label} description={description} errorText={error ?? undefined} stretch>
        <Autosuggest
          value={place}
          options={[...new Set(offered)].map((value) => ({ value }))}
          enteredTextLabel={(value) => `Use ${value}`}
          placeholder={example}
          onChange={({ detail }) => change({ ...destination, place: detail.value })}
          ariaLabel={label}
        />
      </FormField>
      {type === 'cloud-watch-logs' && (
        <FormField
          label="Role"
          description="ARN of the role that delivers, as AWS wants it. flowgauge delivers with the host’s own credentials."
          stretch
        >
          <Input
            value={role}
            placeholder="arn:aws:iam::123456789012:role/flow-logs"
            spellcheck={false}
            onChange={({ detail }) => change({ ...destination, role: detail.value })}
          />
        </FormField>
      )}
      {type === 's3' && (
        <>
          <FormField label="File format">
            <RadioGroup
              value={fileFormat}
              items={[
                { value: 'plain-text', label: 'Text, gzip', description: 'Every tool reads it.' },
                { value: 'parquet', label: 'Parquet', description: 'Smaller, and read by column.' },
              ]}
              onChange={({ detail }) =>
                change({ ...destination, fileFormat: detail.value as NewDestination['fileFormat'] })
              }
            />
          </FormField>
          <FormField label="Folders">
            <SpaceBetween size="xxs">
              <Checkbox checked={hive} onChange={({ detail }) => change({ ...destination, hive: detail.checked })}>
                Hive-compatible, such as year=2026/month=11
              </Checkbox>
              <Checkbox checked={hourly} onChange={({ detail }) => change({ ...destination, hourly: detail.checked })}>
                One for each hour
              </Checkbox>
            </SpaceBetween>
          </FormField>
        </>
      )}
    </SpaceBetween>
  );
}
