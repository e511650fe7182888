/**
 * `flowgauge capture`: packets to records.
 *
 * In:    a capture file, a pipe or a device. Out: records on stdout, or objects under `-w DEST`.
 */
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { shown } from './text-width.ts';
import type { CaptureOptions } from '../app/collector/capture.ts';
import type { CollectCounts } from '../app/collector/collect.ts';
import type { Published } from '../app/collector/sinks.ts';
import { nothingKept, summary } from './capture-summary.ts';

type Flags = {
  read?: string;
  interface?: string;
  write?: string;
  vpc?: string;
  format?: string;
  interval?: 60 | 600;
  traffic?: 'ALL' | 'ACCEPT' | 'REJECT';
  device?: [string, string][];
  vlan?: [number, string][];
  fileFormat?: 'plain-text' | 'parquet';
  hiveCompatiblePartitions?: boolean;
  perHourPartition?: boolean;
  awsRanges?: string;
  counts?: string;
  maxFlows?: number;
  maxConnections?: number;
  maxObjectBytes?: number;
  profile?: string;
  region?: string;
  endpointUrl?: string;
  pathStyle?: boolean;
  acl?: string;
  sse?: string;
  sseKmsKeyId?: string;
};

const EXAMPLES = `
Examples:
  flowgauge capture -r trace.pcap                        records of a capture file, to stdout
  tcpdump -w - -i eth0 | flowgauge capture -r -          of a pipe
  flowgauge capture -i eth0                              of a live device, until Ctrl-C
  flowgauge capture -r trace.pcap --vpc model.json       with the verdicts of a VPC's rules
  flowgauge capture -r trace.pcap -w logs --vpc model/   into a directory laid out as AWS's bucket
  flowgauge capture -r trace.pcap -w s3://logs/team-a    into a bucket, with your AWS credentials
  flowgauge capture -r trace.pcap --format '\${interface-id} \${srcaddr} \${action} \${x-rule-id}'`;

const OWNER_CONTROL = 'bucket-owner-full-control';

/** Adds the verb. */
export function captureCommand(program: Command): void {
  program
    .command('capture')
    .description('turn packets into flow log records')
    .option('-r, --read <file>', 'capture file (pcap, pcapng; gzip and zstd too), - for stdin')
    .option('-i, --interface <device>', 'capture a device, any, or nflog:GROUP, until Ctrl-C')
    .option(
      '-w, --write <dest>',
      'write objects into this directory or s3://BUCKET/PREFIX instead of records to stdout (-)',
    )
    .option('--vpc <model>', 'the network: a JSON file of describe answers, or a folder of them')
    .option('--format <format>', "log format, '${field} ${field} …' (default: AWS's default format)")
    .option('--interval <seconds>', 'aggregation interval, 60 or 600 (default: 60)', oneOf([60, 600], Number))
    .option('--traffic <type>', 'all, accept or reject (default: all)', (text) =>
      oneOf(['ALL', 'ACCEPT', 'REJECT'] as const, (word) => word.toUpperCase())(text),
    )
    .option(
      '--device <name=eni>',
      'frames of this device are of this interface (again for more)',
      pairs((name) => name),
    )
    .option('--vlan <id=vpc>', 'frames of this VLAN are of this VPC (again for more)', pairs(vlanId))
    .option(
      '--file-format <format>',
      'with -w: plain-text or parquet',
      oneOf(['plain-text', 'parquet'] as const, String),
    )
    .option('--hive-compatible-partitions', 'with -w: Hive-compatible prefixes')
    .option('--per-hour-partition', 'with -w: a prefix for each hour')
    .option('--aws-ranges <file>', "a newer ip-ranges.json of AWS's for the service fields")
    .option('--counts <file>', 'write what each stage counted, as JSON')
    .option('--max-flows <n>', 'flows held at most; what finds no room becomes SKIPDATA', whole)
    .option('--max-connections <n>', 'connections tracked at most', whole)
    .option('--max-object-bytes <n>', 'with -w: size at which an object is closed and another begun', whole)
    .option('--profile <name>', 'with -w s3://…: profile of ~/.aws/config')
    .option('--region <name>', "region, where S3 does not tell the bucket's")
    .option('--endpoint-url <url>', "server that speaks S3 and is not AWS's")
    .option('--path-style', 'put the bucket into the path of the URL')
    .option('--acl <acl>', "bucket-owner-full-control (AWS's servers get it always)", oneOf([OWNER_CONTROL], String))
    .option('--sse <kind>', "AES256: encrypt with S3's own keys", oneOf(['AES256'], String))
    .option('--sse-kms-key-id <arn>', 'encrypt with this key of KMS, named by its ARN')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const { capture } = await import('../app/collector/capture.ts');
      replaceLoopsLater();
      const line = progressLine();
      try {
        process.exitCode = await capture(optionsOf(flags), {
          notUnderstood: tellNotUnderstood,
          counts: line.show,
          devicesAbsent: tellAbsent,
          ended: (counts, published) => {
            line.wipe();
            tellEnd(counts, published);
          },
        });
      } finally {
        line.wipe();
      }
    });
}

/** Milliseconds after which V8 may compile a loop that runs and put it in the place of the one that it is in. */
const LOOPS_REPLACED_AFTER = 3_000;

/**
 * Lets V8 replace running loops from some seconds on, where `bin/flowgauge` began without (`--no-use-osr`): what is
 * compiled for a loop in the middle of reading a model never pays in a capture of seconds, and does in one of minutes.
 */
function replaceLoopsLater(): void {
  if (!process.execArgv.includes('--no-use-osr')) return;
  setTimeout(() => setFlagsFromString('--use-osr'), LOOPS_REPLACED_AFTER).unref();
}

/** Things left out of a model that are named one by one. */
const NAMED_AT_MOST = 10;

function tellNotUnderstood(list: readonly string[]): void {
  for (const one of list.slice(0, NAMED_AT_MOST)) console.error(`flowgauge: the model: ${shown(one)}`);
  if (list.length > NAMED_AT_MOST) console.error(`flowgauge: the model: and ${list.length - NAMED_AT_MOST} more`);
}

/** Devices of a capture that are named. */
const DEVICES_NAMED = 20;

function tellAbsent(absent: readonly string[], devices: readonly string[]): void {
  const more = devices.length > DEVICES_NAMED ? ' …' : '';
  const has = devices.length === 0 ? 'does not name its devices' : `has ${devices.slice(0, DEVICES_NAMED).join(', ')}`;
  console.error(`flowgauge: --device ${absent.join(', ')}: no frame was of it, the capture ${has}${more}`);
}

/** What it came to: on a terminal, and everywhere if no packet is in a record. */
function tellEnd(counts: CollectCounts, published: Published | null): void {
  const nothing = nothingKept(counts);
  if (nothing !== null) console.error(`flowgauge: ${nothing}; docs/capture.md says what each means`);
  else if (process.stderr.isTTY) console.error(`flowgauge: ${summary(counts, published)}`);
}

/** How far a capture is, as one line on a terminal; nothing elsewhere, and nothing where the records go there too. */
function progressLine(): { readonly show: (counts: CollectCounts) => void; readonly wipe: () => void } {
  const wanted = process.stderr.isTTY && !process.stdout.isTTY;
  let on = false;
  return {
    show({ capture }) {
      if (!wanted) return;
      on = true;
      process.stderr.write(`\r\x1b[K${capture.in} frames read`);
    },
    wipe() {
      if (on) process.stderr.write('\r\x1b[K');
      on = false;
    },
  };
}

function optionsOf(flags: Flags): CaptureOptions {
  return {
    read: flags.read ?? null,
    device: flags.interface ?? null,
    write: flags.write === '-' ? null : (flags.write ?? null),
    vpc: flags.vpc ?? null,
    format: flags.format ?? null,
    intervalSeconds: flags.interval ?? null,
    traffic: flags.traffic ?? null,
    devices: flags.device ?? [],
    vlans: flags.vlan ?? [],
    fileFormat: flags.fileFormat ?? null,
    hive: flags.hiveCompatiblePartitions ?? false,
    hourly: flags.perHourPartition ?? false,
    awsRanges: flags.awsRanges ?? null,
    countsFile: flags.counts ?? null,
    maxFlows: flags.maxFlows ?? null,
    maxConnections: flags.maxConnections ?? null,
    maxObjectBytes: flags.maxObjectBytes ?? null,
    reach: reachOf(flags),
  };
}

function reachOf({
  profile,
  region,
  endpointUrl,
  pathStyle,
  acl,
  sse,
  sseKmsKeyId,
}: Flags): NonNullable<CaptureOptions['reach']> {
  const encryption = sseKmsKeyId ?? (sse === undefined ? undefined : 's3');
  return {
    aws: {
      ...(profile === undefined ? {} : { profile }),
      ...(region === undefined ? {} : { region }),
      ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
      ...(pathStyle === undefined ? {} : { pathStyle }),
    },
    writing: {
      ...(encryption === undefined ? {} : { encryption }),
      ...(acl === undefined ? {} : { ownerControl: true }),
    },
  };
}

function oneOf<T extends string | number>(allowed: readonly T[], read: (text: string) => unknown): (text: string) => T {
  return (text) => {
    const value = allowed.find((one) => one === read(text));
    if (value === undefined) throw new InvalidArgumentError(`It is one of ${allowed.join(', ').toLowerCase()}.`);
    return value;
  };
}

function pairs<K>(key: (text: string) => K): (text: string, known: [K, string][] | undefined) => [K, string][] {
  return (text, known = []) => {
    const at = text.lastIndexOf('=');
    if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('It has the form NAME=ID.');
    return [...known, [key(text.slice(0, at)), text.slice(at + 1)]];
  };
}

function vlanId(text: string): number {
  const id = Number(text);
  if (!Number.isInteger(id) || id < 1 || id > 4094) throw new InvalidArgumentError('A VLAN id is 1 to 4094.');
  return id;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It is a whole number from 1.');
  return value;
}
