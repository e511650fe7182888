/**
 * The configuration of `up`: `flowgauge.json` in its data directory.
 *
 * In:    the file. Out: where records go and how, where the server listens, with what is not set left to the defaults.
 * Holds: a file that is not there is an empty one. What is not known is refused: a misspelt setting is no setting.
 * Fails: `FG_CONFIG`, naming the setting; `FG_DESTINATION_ARN`, `FG_KMS_KEY`.
 */
import { readFile } from 'node:fs/promises';
import { failure, failureFrom } from '../model/errors.ts';
import type { DestinationSpec, FileFormat } from '../network/vpc/snapshot.ts';
import type { Reach } from '../publish/destinations/list.ts';
import { readStreamArn } from '../publish/destinations/firehose.ts';
import type { SpoolLimits } from '../publish/room.ts';
import { keepingOf } from '../lake/keep/settings.ts';
import type { KeepingSettings } from '../lake/keep/settings.ts';
import type { LookSettings } from '../watch/look.ts';
import { receiversOf } from '../watch/alerts/settings.ts';
import type { Receiver } from '../watch/alerts/receiver.ts';
import type { LogSettings } from './log.ts';
import { LOG_FORMATS, LOG_LEVELS } from './log.ts';
import { codeOf } from '../storage/object/file-errors.ts';
import { checkWriting } from '../storage/object/stores/s3-put.ts';

/** Name of the file in a data directory. */
export const CONFIG_FILE = 'flowgauge.json';

/** `auto`: where it can be; otherwise, and with `no`, packets are captured. */
export type Observe = 'auto' | 'yes' | 'no';
const OBSERVE: readonly Observe[] = ['auto', 'yes', 'no'];

/** What the command line or the environment says of it; undefined: nothing. */
export function observeOf(value: string | undefined, where: string): Observe | undefined {
  if (value === undefined || value === '') return undefined;
  const found = OBSERVE.find((one) => one === value);
  if (found === undefined) throw failure('FG_SETTING', where, value, OBSERVE.join(', '));
  return found;
}

export type Config = {
  /** Of the records' fields and the objects' keys; null: the default. */
  readonly accountId: string | null;
  readonly region: string | null;
  /** Null: the bucket `local`. */
  readonly destination: DestinationSpec | null;
  readonly reach: Reach;
  readonly limits: Partial<SpoolLimits>;
  readonly server: ServerSettings;
  readonly log: LogSettings;
  /** Whether groups and ACLs are enforced; `seconds`: the length of a generation of the kernel's flow tables. */
  readonly enforce: { readonly isOn: boolean; readonly seconds: number };
  /** Whether the host's own firewall is observed in the kernel. */
  readonly observe: Observe;
  /** What the console keeps of records that it read, bytes; 0: nothing. */
  readonly console: { readonly cacheBytes: number };
  readonly detection: DetectionSettings;
  /** What is done for the lake of the bucket `local`. */
  readonly keeping: KeepingSettings;
  /** Who is told of findings. */
  readonly receivers: readonly Receiver[];
};

/** Which detections look at the newest records of the bucket `local`, and how often. */
export type DetectionSettings = LookSettings & {
  readonly isOn: boolean;
  /** From the beginning of a look to that of the next one, at least. */
  readonly everySeconds: number;
};

/** Where the server listens, as far as one of file, environment and command line says it. */
export type ServerSettings = {
  readonly port?: number;
  readonly bind?: string;
  /** Paths of PEM files. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly behindProxy?: boolean;
  /** Under which browsers reach it, where that is another than where it listens. */
  readonly publicUrl?: string;
};

/** What stands in an ARN and in keys of objects: no path leads out of it. */
const REGION = /^[a-z0-9]+(?:-[a-z0-9]+)*$/u;
/** Old buckets have capitals and underscores. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/u;

/** A window ends with one of them; the kernel stops judging where none ends for half a minute. */
const ENFORCE_PERIODS: readonly number[] = [1, 2, 3, 4, 5, 6, 10];
const ENFORCE_SECONDS = 10;
/** What the console keeps of records where nobody says how much. */
export const CONSOLE_CACHE_BYTES = 4e9;
/** From the beginning of a look to that of the next one: a window, unless something else is set. */
const LOOK_SECONDS = 60;
const LOOK_BOUNDS = [5, 3600] as const;

type Json = Readonly<Record<string, unknown>>;

/** Reads the configuration. */
export async function readConfig(path: string): Promise<Config> {
  let json: unknown = {};
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      throw failureFrom(error, 'FG_CONFIG', path, error instanceof Error ? error.message : String(error));
  }
  return configOf(json, path);
}

/** The configuration that a JSON value says. */
export function configOf(json: unknown, path: string): Config {
  const wrong = (why: string): Error => failure('FG_CONFIG', path, why);
  const part = (value: unknown, name: string, known: readonly string[] | null): Json => {
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(`${name} is no object`);
    const stranger = Object.keys(value).find((key) => known !== null && !known.includes(key));
    if (stranger !== undefined) throw wrong(`${name} has no setting "${stranger}", it has ${known?.join(', ')}`);
    return value as Json;
  };
  const one = <T>(of: Json, key: string, fits: (value: unknown) => value is T, wanted: string): T | undefined => {
    const value = of[key];
    if (value === undefined || fits(value)) return value;
    const isNested = typeof value === 'object' && value !== null;
    throw wrong(`"${key}" is ${isNested ? 'a list or an object' : JSON.stringify(value)}, not ${wanted}`);
  };
  const text = (of: Json, key: string, shape = /./su, wanted = 'a text') =>
    one(of, key, (value): value is string => typeof value === 'string' && shape.test(value), wanted);
  const flag = (of: Json, key: string) => one(of, key, (value) => typeof value === 'boolean', 'true or false');
  const whole = (of: Json, key: string) =>
    one(of, key, (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number');

  const all = part(json, 'the file', [
    'accountId',
    'region',
    'destination',
    'destinationOptions',
    'aws',
    'objects',
    'spool',
    'server',
    'log',
    'enforce',
    'enforceSeconds',
    'observe',
    'console',
    'detect',
    'alerts',
    'compact',
    'retention',
  ]);
  const layout = part(all['destinationOptions'], 'destinationOptions', [
    'fileFormat',
    'hiveCompatiblePartitions',
    'perHourPartition',
  ]);
  const aws = part(all['aws'], 'aws', ['profile', 'region', 'endpoint', 'pathStyle']);
  const objects = part(all['objects'], 'objects', ['encryption', 'ownerControl']);
  const spool = part(all['spool'], 'spool', ['maxBytes', 'maxAgeSeconds', 'reserveBytes']);
  const server = part(all['server'], 'server', ['port', 'bind', 'tlsCert', 'tlsKey', 'behindProxy', 'publicUrl']);
  const log = part(all['log'], 'log', ['format', 'level']);
  const names = (of: Json, key: string): readonly string[] | undefined =>
    one(
      of,
      key,
      (value): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string'),
      'a list of names',
    );
  const among = <T extends string>(of: Json, key: string, known: readonly T[]) =>
    one(of, key, (value): value is T => known.includes(value as T), `one of ${known.join(', ')}`);
  const arn = text(all, 'destination');
  const told = arn === undefined ? null : readArn(arn);
  const format = one(
    layout,
    'fileFormat',
    (value): value is FileFormat => value === 'plain-text' || value === 'parquet',
    'plain-text or parquet',
  );
  if (told !== null && told.spec.type !== 's3' && Object.keys(layout).length > 0)
    throw wrong('destinationOptions are for buckets');
  const destination: DestinationSpec | null =
    told?.spec.type === 's3'
      ? {
          ...told.spec,
          fileFormat: format ?? 'plain-text',
          hive: flag(layout, 'hiveCompatiblePartitions') ?? false,
          hourly: flag(layout, 'perHourPartition') ?? false,
        }
      : (told?.spec ?? null);
  const detect = part(all['detect'], 'detect', ['enabled', 'only', 'except', 'parameters', 'everySeconds']);
  const [least, most] = LOOK_BOUNDS;
  const everySeconds = one(
    detect,
    'everySeconds',
    (value): value is number => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    `a whole number from ${least} to ${most}`,
  );
  const seconds = one(
    all,
    'enforceSeconds',
    (value): value is number => ENFORCE_PERIODS.includes(value as number),
    `one of ${ENFORCE_PERIODS.join(', ')}`,
  );
  const writing = present({ encryption: text(objects, 'encryption'), ownerControl: flag(objects, 'ownerControl') });
  checkWriting(writing);
  return {
    accountId: text(all, 'accountId', /^\d{12}$/u, 'twelve digits') ?? told?.accountId ?? null,
    region: text(all, 'region', REGION, 'a region such as eu-central-1') ?? told?.region ?? null,
    destination,
    reach: {
      aws: present({
        profile: text(aws, 'profile'),
        region: text(aws, 'region', REGION, 'a region such as eu-central-1') ?? told?.region ?? undefined,
        endpoint: text(aws, 'endpoint', /^https?:\/\/[^/\s]/u, 'a URL'),
        pathStyle: flag(aws, 'pathStyle'),
      }),
      writing,
    },
    limits: present({
      maxBytes: whole(spool, 'maxBytes'),
      maxAgeSeconds: whole(spool, 'maxAgeSeconds'),
      reserveBytes: whole(spool, 'reserveBytes'),
    }),
    server: present({
      port: whole(server, 'port'),
      bind: text(server, 'bind'),
      tlsCert: text(server, 'tlsCert'),
      tlsKey: text(server, 'tlsKey'),
      behindProxy: flag(server, 'behindProxy'),
      publicUrl: text(server, 'publicUrl'),
    }),
    enforce: { isOn: flag(all, 'enforce') ?? false, seconds: seconds ?? ENFORCE_SECONDS },
    observe: among(all, 'observe', OBSERVE) ?? 'auto',
    console: {
      cacheBytes: whole(part(all['console'], 'console', ['cacheBytes']), 'cacheBytes') ?? CONSOLE_CACHE_BYTES,
    },
    detection: {
      isOn: flag(detect, 'enabled') ?? true,
      everySeconds: everySeconds ?? LOOK_SECONDS,
      only: names(detect, 'only') ?? null,
      except: names(detect, 'except') ?? [],
      parameters: parametersOf(part, detect['parameters'], wrong),
    },
    keeping: keepingOf({ compact: all['compact'], retention: all['retention'] }, wrong),
    receivers: receiversOf(all['alerts'], wrong),
    log: present({ format: among(log, 'format', LOG_FORMATS), level: among(log, 'level', LOG_LEVELS) }),
  };
}

/** `{"port-scan.least": 50}`, by detection and name. */
function parametersOf(
  part: (value: unknown, name: string, known: null) => Json,
  value: unknown,
  wrong: (why: string) => Error,
): LookSettings['parameters'] {
  const found: Record<string, Record<string, string>> = {};
  for (const [name, given] of Object.entries(part(value, 'detect.parameters', null))) {
    const [detection = '', parameter, more] = name.split('.');
    if (parameter === undefined || more !== undefined)
      throw wrong(`detect.parameters has "${name}", which is not DETECTION.NAME`);
    if (typeof given !== 'string' && typeof given !== 'number')
      throw wrong(`detect.parameters."${name}" is neither a text nor a number`);
    (found[detection] ??= {})[parameter] = String(given);
  }
  return found;
}

/** Without what is not set. */
function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}

/** What an ARN names; region and account where it says them, and is not of this machine's bucket. */
function readArn(arn: string): { spec: DestinationSpec; region: string | null; accountId: string | null } {
  const bucket = /^arn:[^:]+:s3:::([^/]+)(?:\/(.*))?$/su.exec(arn);
  if (bucket !== null) {
    const prefix = (bucket[2] ?? '').replace(/^\/+|\/+$/gu, '');
    // AWS's own service refuses the name; in a directory the others would leave it.
    const odd = prefix.split('/').some((part) => part === '.' || part === '..' || part === 'AWSLogs');
    if (odd || /\/\//u.test(prefix) || !BUCKET.test(bucket[1]!) || bucket[1]!.includes('..'))
      throw failure('FG_DESTINATION_ARN', arn);
    const layout = { fileFormat: 'plain-text', hive: false, hourly: false } as const;
    return { spec: { type: 's3', bucket: bucket[1]!, prefix, ...layout }, region: null, accountId: null };
  }
  const [, region, account, logGroup] = /^arn:[^:]+:logs:([^:]+):(\d{12}):log-group:([^:]+)(?::\*)?$/u.exec(arn) ?? [];
  if (logGroup !== undefined)
    return { spec: { type: 'cloud-watch-logs', logGroup, roleArn: null }, region: region!, accountId: account! };
  const stream = readStreamArn(arn);
  if (stream === null) throw failure('FG_DESTINATION_ARN', arn);
  const accountId = /^(?:[^:]*:){4}(\d{12}):/u.exec(arn)?.[1] ?? null;
  return { spec: { type: 'kinesis-data-firehose', streamArn: arn }, region: stream.region, accountId };
}
