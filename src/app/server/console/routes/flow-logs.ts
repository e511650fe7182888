/**
 * Flow logs: what there is, how it goes, and what changes them. Changes are EC2's actions, run for the session's key, so that
 * roles, limits, texts and audit are the API's own.
 *
 * In:    ids, bodies of `src/api/flow-logs.ts`. Out: its answers.
 * Fails: FG_REQUEST_BODY, FG_REPLACE_*; EC2's errors; 404 for a flow log that is none.
 */
import * as v from 'valibot';
import type {
  CreateFlowLogsAnswer,
  CreateFlowLogsBody,
  FlowLogDetails,
  FlowLogTagsBody,
  NewDestination,
  ReplaceFlowLogAnswer,
  ReplaceFlowLogBody,
} from '../../../../api/flow-logs.ts';
import { rangeOf, readTime } from '../../../../api/time-range.ts';
import { replaceFlowLog } from '../../../../control/replace.ts';
import { FlowgaugeError } from '../../../../model/errors.ts';
import { ledgerOf } from '../../../../publish/flow-log-ledger.ts';
import { directoryStore } from '../../../../storage/object/stores/directory.ts';
import { bucketOf } from '../bucket-of.ts';
import type { ConsoleContext } from '../context.ts';
import { coverageAnswer } from '../flow-log-coverage.ts';
import type { PlacedFlowLog } from '../flow-log-rows.ts';
import { flowLogRow, flowLogsAnswer, ledgerPlace, placedFlowLogs } from '../flow-log-rows.ts';
import { readBody } from '../read-body.ts';
import type { ConsoleRequest, ConsoleRoute } from '../route.ts';
import { notFound, timeOf } from '../route.ts';
import { formatAnswer } from './formats.ts';

/** For a ledger that lies elsewhere. */
const LEDGER_MILLIS = 10_000;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const TRAFFIC = v.picklist(['ALL', 'ACCEPT', 'REJECT']);
const FILE_FORMAT = v.picklist(['plain-text', 'parquet']);
const TAGS = v.record(text(200), text(400));

const CREATE = v.strictObject({
  region: text(40),
  check: v.boolean(),
  resourceType: v.picklist(['VPC', 'Subnet', 'NetworkInterface']),
  resourceIds: v.pipe(v.array(text(60)), v.maxLength(1000)),
  traffic: TRAFFIC,
  intervalSeconds: v.pipe(v.number(), v.integer()),
  format: text(20_000),
  destination: v.strictObject({
    type: v.picklist(['s3', 'cloud-watch-logs', 'kinesis-data-firehose']),
    place: text(2000),
    role: text(2000),
    fileFormat: FILE_FORMAT,
    hive: v.boolean(),
    hourly: v.boolean(),
  }),
  tags: TAGS,
  clientToken: text(64),
}) satisfies v.GenericSchema<unknown, CreateFlowLogsBody>;

const REPLACE = v.strictObject({
  format: v.exactOptional(text(20_000)),
  intervalSeconds: v.exactOptional(v.pipe(v.number(), v.integer())),
  traffic: v.exactOptional(TRAFFIC),
  destination: v.exactOptional(text(2000)),
  fileFormat: v.exactOptional(FILE_FORMAT),
  role: v.exactOptional(text(2000)),
}) satisfies v.GenericSchema<unknown, ReplaceFlowLogBody>;

const TAGS_BODY = v.strictObject({ tags: TAGS }) satisfies v.GenericSchema<unknown, FlowLogTagsBody>;

type Who = ConsoleRequest['who'];
const callerOf = ({ account, keyId, role }: Who, region: string) => ({ account, region, principal: keyId, role });

const placedOf = (id: string | null, context: ConsoleContext): PlacedFlowLog => {
  const found = placedFlowLogs(context).find(({ fact }) => fact.id === id);
  if (found === undefined) throw notFound(`flow log ${id}`);
  return found;
};

async function details(
  { id, who, signal, query }: ConsoleRequest,
  context: ConsoleContext,
  range: { readonly from: number; readonly to: number },
): Promise<FlowLogDetails> {
  const found = await flowLogRow(id ?? '', context, who, signal);
  if (found === null) throw notFound(`flow log ${id}`);
  const { row, placed } = found;
  const { preview } = formatAnswer(row.format);
  const answer = { flowLog: row, preview };
  const store = context.control.deliveries.ledgerStore(placed.item);
  // A bucket elsewhere costs requests: it is looked into when somebody says so.
  if (store !== null && query.get('ledger') !== 'elsewhere') return { ...answer, ledger: null, ledgerProblem: null };
  try {
    const span = { fromSeconds: range.from, toSeconds: range.to };
    const until = AbortSignal.any([signal, AbortSignal.timeout(LEDGER_MILLIS)]);
    const from = store ?? directoryStore(bucketOf(context.dataDirectory));
    return { ...answer, ledger: await ledgerOf(from, ledgerPlace(placed), span, until), ledgerProblem: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    const code = error instanceof FlowgaugeError ? error.code : error.name;
    return { ...answer, ledger: null, ledgerProblem: { code, message: error.message } };
  }
}

async function create(body: CreateFlowLogsBody, who: Who, { control }: ConsoleContext): Promise<CreateFlowLogsAnswer> {
  const { resourceType, resourceIds, traffic, intervalSeconds, format, destination, tags, clientToken, check } = body;
  const answer = (await control.ec2.run(
    'CreateFlowLogs',
    {
      ...(check ? { DryRun: true } : { ClientToken: clientToken }),
      ResourceType: resourceType,
      ResourceIds: resourceIds,
      TrafficType: traffic,
      MaxAggregationInterval: intervalSeconds,
      LogFormat: format,
      ...destinationInput(destination),
      TagSpecifications: tagSpecifications(tags),
    },
    callerOf(who, body.region),
  )) as {
    readonly FlowLogIds: readonly string[];
    readonly Unsuccessful: readonly {
      readonly ResourceId: string;
      readonly Error: { readonly Code: string; readonly Message: string };
    }[];
  };
  return {
    flowLogIds: check ? [] : answer.FlowLogIds,
    unsuccessful: answer.Unsuccessful.map(({ ResourceId, Error: { Code, Message } }) => ({
      resourceId: ResourceId,
      code: Code,
      message: Message,
    })),
  };
}

function tagSpecifications(tags: Readonly<Record<string, string>>): object[] | undefined {
  const all = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return all.length === 0 ? undefined : [{ ResourceType: 'vpc-flow-log', Tags: all }];
}

function destinationInput({ type, place, role, fileFormat, hive, hourly }: NewDestination): object {
  const isName = type === 'cloud-watch-logs' && !place.startsWith('arn:');
  return {
    LogDestinationType: type,
    ...(isName ? { LogGroupName: place } : { LogDestination: place }),
    ...(role === '' ? {} : { DeliverLogsPermissionArn: role }),
    ...(type === 's3'
      ? { DestinationOptions: { FileFormat: fileFormat, HiveCompatiblePartitions: hive, PerHourPartition: hourly } }
      : {}),
  };
}

function replace(
  id: string,
  body: ReplaceFlowLogBody,
  who: Who,
  { control, now }: ConsoleContext,
): ReplaceFlowLogAnswer {
  const { format, intervalSeconds, traffic, destination, fileFormat, role } = body;
  const { replaced, successor, atSeconds } = replaceFlowLog(
    control.state,
    id,
    {
      logFormat: format,
      maxAggregationInterval: intervalSeconds,
      trafficType: traffic,
      destination,
      fileFormat,
      role,
    },
    new Date(now()),
    { facts: control.facts, account: who.account, principal: who.keyId },
  );
  return { replaced, successor, atSeconds };
}

/** Gives a flow log these tags and no others. */
async function tag(id: string, { tags }: FlowLogTagsBody, who: Who, context: ConsoleContext): Promise<void> {
  const { fact, region } = placedOf(id, context);
  const { ec2 } = context.control;
  const put = Object.entries(tags).filter(([key, value]) => fact.tags[key] !== value);
  const gone = Object.keys(fact.tags).filter((key) => !Object.hasOwn(tags, key));
  const caller = callerOf(who, region);
  if (put.length > 0)
    await ec2.run('CreateTags', { Resources: [id], Tags: put.map(([Key, Value]) => ({ Key, Value })) }, caller);
  if (gone.length > 0) await ec2.run('DeleteTags', { Resources: [id], Tags: gone.map((Key) => ({ Key })) }, caller);
}

export const FLOW_LOG_ROUTES: readonly ConsoleRoute[] = [
  {
    method: 'GET',
    path: '/api/flow-logs',
    role: 'read',
    handle: async ({ who, signal }, context) => ({ status: 200, json: await flowLogsAnswer(context, who, signal) }),
  },
  {
    method: 'GET',
    path: '/api/flow-logs/:id',
    role: 'read',
    async handle(request, context) {
      const now = context.now() / 1000;
      // Without a word it is the last day: an hour has one object of a minute's windows, or none.
      const isGiven = ['from', 'to', 'last'].some((name) => request.query.has(name));
      const day = rangeOf(
        readTime((name) => (name === 'last' ? '1d' : null))!,
        now,
      );
      const range = isGiven ? timeOf(request, context.now()) : day;
      return { status: 200, json: await details(request, context, range) };
    },
  },
  {
    method: 'POST',
    path: '/api/flow-logs',
    role: 'operate',
    handle: async ({ body, who }, context) => ({
      status: 200,
      json: await create(readBody(CREATE, body), who, context),
    }),
  },
  {
    method: 'DELETE',
    path: '/api/flow-logs/:id',
    role: 'operate',
    async handle({ id, who }, context) {
      const { region } = placedOf(id, context);
      await context.control.ec2.run('DeleteFlowLogs', { FlowLogIds: [id] }, callerOf(who, region));
      return { status: 204, json: null };
    },
  },
  {
    method: 'POST',
    path: '/api/replace-flow-log/:id',
    role: 'operate',
    handle: async ({ id, body, who }, context) => ({
      status: 200,
      json: replace(id ?? '', readBody(REPLACE, body), who, context),
    }),
  },
  {
    method: 'PUT',
    path: '/api/flow-log-tags/:id',
    role: 'operate',
    async handle({ id, body, who }, context) {
      await tag(id ?? '', readBody(TAGS_BODY, body), who, context);
      return { status: 204, json: null };
    },
  },
  {
    method: 'GET',
    path: '/api/coverage',
    role: 'read',
    handle: async (_, context) => ({ status: 200, json: coverageAnswer(context) }),
  },
];
