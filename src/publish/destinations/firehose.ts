/**
 * A delivery stream of Firehose: one small JSON object for each record.
 *
 * In:    a sealed segment. Out: its records in the stream, each as `{"message":"…"}`, as AWS's flow logs come.
 * Holds: a batch has at most 500 records and 4 MiB; of one that was taken in part only the others are sent again.
 * Fails: FG_STREAM_MISSING, FG_STREAM_WRITE, FG_BATCH_PARTLY, FG_AWS_…; what was confirmed is not sent again (in-batches.ts).
 * @see   Firehose API Reference, "PutRecordBatch"
 */
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import { failure, failureFrom } from '../../model/errors.ts';
import { clientSettings, endpointOf } from '../../storage/object/aws-client.ts';
import type { AwsAccess } from '../../storage/object/aws-client.ts';
import { awsFailure, isOfCredentials, isThrottled, problemOf } from '../../storage/object/aws-errors.ts';
import type { Destination, RecordBlock } from '../destination.ts';
import { problemFrom } from '../destination.ts';
import { linesIn } from '../lines-in.ts';
import { sendInBatches } from './in-batches.ts';

const BATCH_RECORDS = 500;
const BATCH_BYTES = 4 << 20;

/** What the ARN of a stream says; the EC2 documentation writes a colon where Firehose writes a slash. */
export function readStreamArn(arn: string): { readonly region: string; readonly stream: string } | null {
  const [, region, stream] = /^arn:[^:]+:firehose:([^:]+):\d*:deliverystream[/:](.+)$/u.exec(arn) ?? [];
  return region === undefined || stream === undefined ? null : { region, stream };
}

/** A destination that is a stream; nothing is asked yet. */
export function firehoseDestination(arn: string, access: AwsAccess): Destination {
  const told = readStreamArn(arn);
  if (told === null) throw failure('FG_DESTINATION_ARN', arn);
  const { stream, region } = told;
  const name = `Firehose stream ${stream} in ${region}`;
  let client: Promise<FirehoseClient> | null = null;

  async function connect(): Promise<FirehoseClient> {
    const { FirehoseClient: Client } = await import('@aws-sdk/client-firehose');
    const server = await endpointOf(access, 'firehose');
    // One attempt: an answer that never came must be known, for it may be a duplicate.
    const settings = clientSettings({ ...access, attempts: 1 }, region);
    return new Client({ ...settings, ...(server === null ? {} : { endpoint: server }) });
  }

  function fails(error: unknown): unknown {
    if (isOfCredentials(error)) client = null;
    const { code, message } = problemOf(error);
    const why = `${code} ${message}`.trim();
    if (isThrottled(error)) return failureFrom(error, 'FG_AWS_THROTTLED', name, why);
    if (code === 'ResourceNotFoundException') return failureFrom(error, 'FG_STREAM_MISSING', name, why);
    return (
      awsFailure(error, name, access.endpoint ?? `AWS, region ${region}`) ??
      failureFrom(error, 'FG_STREAM_WRITE', name, why)
    );
  }

  return {
    name,
    async check(signal) {
      try {
        const { DescribeDeliveryStreamCommand } = await import('@aws-sdk/client-firehose');
        const asked = await (client ??= connect());
        const command = new DescribeDeliveryStreamCommand({ DeliveryStreamName: stream });
        const { DeliveryStreamDescription: found } = await asked.send(command, { abortSignal: signal });
        const source = found?.DeliveryStreamType ?? 'DirectPut';
        if (source !== 'DirectPut') throw failure('FG_STREAM_SOURCE', name, source);
        return null;
      } catch (error) {
        signal.throwIfAborted();
        return problemFrom(fails(error));
      }
    },
    deliver: (segment, signal) =>
      sendInBatches(
        name,
        segment,
        recordBatches(segment.read()),
        async (entries) => {
          const { PutRecordBatchCommand } = await import('@aws-sdk/client-firehose');
          const Records = entries.map((Data) => ({ Data }));
          const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
          const asked = await (client ??= connect());
          const { RequestResponses: each = [] } = await asked.send(command, { abortSignal: signal });
          const left = each.flatMap(({ ErrorCode }, at) => (ErrorCode === undefined ? [] : [at]));
          const first = each[left[0] ?? -1];
          return { left, why: `${first?.ErrorCode ?? ''} ${first?.ErrorMessage ?? ''}`.trim(), refused: {} };
        },
        (error) => (signal.aborted ? signal.reason : fails(error)),
      ),
  };
}

/** Records as batches within the limits. */
export async function* recordBatches(blocks: AsyncIterable<RecordBlock>): AsyncGenerator<readonly Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for await (const { text } of blocks) {
    for (const message of linesIn(text)) {
      const data = Buffer.from(JSON.stringify({ message }));
      if (batch.length === BATCH_RECORDS || bytes + data.length > BATCH_BYTES) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(data);
      bytes += data.length;
    }
  }
  if (batch.length > 0) yield batch;
}
