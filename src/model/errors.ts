/**
 * Every error code of ours, with its words.
 *
 * In:    the facts of what happened. Out: a `FlowgaugeError` with code, words and whose it is.
 * Holds: a message says what happened with the value, what was done about it, and what the reader can do.
 *        EC2's own codes live in `control/ec2/errors.ts`.
 */

import { AGENT_ERRORS } from './agent-errors.ts';
import { AWS_ERRORS } from './aws-errors.ts';
import { CHANGE_ERRORS } from './change-errors.ts';
import { CONTROL_ERRORS } from './control-errors.ts';
import { DETECT_ERRORS } from './detect-errors.ts';
import { DIAGNOSE_ERRORS } from './diagnose-errors.ts';
import { FILTER_ERRORS } from './filter-errors.ts';
import { KERNEL_ERRORS } from './kernel-errors.ts';
import { KEY_ERRORS } from './key-errors.ts';
import { LAB_ERRORS } from './lab-errors.ts';
import { LAKE_ERRORS } from './lake-errors.ts';
import { POLICY_ERRORS } from './policy-errors.ts';
import { PUBLISH_ERRORS } from './publish-errors.ts';
import { RANGE_ERRORS } from './range-errors.ts';
import { RECORD_ERRORS } from './record-errors.ts';
import { SERVER_ERRORS } from './server-errors.ts';
import { STATE_ERRORS } from './state-errors.ts';

/** Whose an error is: of the command line (exit 2), of content that was given (exit 1), of the surroundings (tried again), ours. */
export type ErrorOwner = 'command-line' | 'content' | 'surroundings' | 'ours';

type Entry = { readonly owner: ErrorOwner; readonly text: (...facts: never[]) => string };

/** The catalogue; the error page of the docs is compared with it by a test in both directions. */
export const ERRORS = {
  FG_FIELD_UNKNOWN: {
    owner: 'command-line',
    text: (field: string) =>
      `log format names the field "${field}", which no version defines; list the fields with \`flowgauge fields\``,
  },
  FG_FIELD_TWICE: {
    owner: 'command-line',
    text: (field: string) => `log format or header names the field "${field}" twice; name each field once`,
  },
  FG_FORMAT_EMPTY: {
    owner: 'command-line',
    text: () =>
      'log format names no field; leave the format out to get the default format, or list the fields with `flowgauge fields`',
  },
  FG_FORMAT_SHAPE: {
    owner: 'command-line',
    text: (format: string, position: number) =>
      `log format "${format}" cannot be read at character ${position}; write fields as \${name}, one space between two of them and none at the ends`,
  },
  FG_FORMAT_MIXED: {
    owner: 'command-line',
    text: (gateway: string, other: string) =>
      `log format names "${gateway}", which only transit gateway flow logs have, and "${other}", which they do not; make a flow log for each`,
  },
  FG_RANGES_UNREADABLE: {
    owner: 'content',
    text: (file: string, why: string) =>
      `"${file}" is not AWS's list of address ranges: ${why}; nothing of it was used; fetch https://ip-ranges.amazonaws.com/ip-ranges.json anew, or leave the option out to use the built-in list`,
  },
  FG_HEADER_MISSING: {
    owner: 'content',
    text: (origin: string) =>
      `"${origin}" begins neither with a header of field names nor with a record of the default format; it was not read; say its log format with --format`,
  },
  FG_DECISION_UNKNOWN: {
    owner: 'ours',
    text: (number: number) =>
      `a flow names decision ${number}, which the printer was never told; the flow was not printed, please report this`,
  },
  FG_DUCKDB_MISSING: {
    owner: 'surroundings',
    text: (platform: string) =>
      `DuckDB cannot be loaded on ${platform}, so Parquet and queries are not available here; run \`npm ci\` again without leaving out optional packages`,
  },
  FG_MODEL_VALUE: {
    owner: 'content',
    text: (part: string, path: string, value: string, wanted: string) =>
      `${part}: ${path} is ${value}, not ${wanted}; nothing was taken from the model; correct it, or write the file again with \`aws ec2 describe-…\``,
  },
  FG_MODEL_TWICE: {
    owner: 'content',
    text: (id: string, first: string, second: string) =>
      `the model describes ${id} twice and differently, in ${first} and in ${second}; nothing was taken from it; keep the newer of the two`,
  },
  FG_ADDRESS_SHARED: {
    owner: 'content',
    text: (address: string, first: string, second: string) =>
      `${address} is held by ${first} and by ${second}, and neither MAC address nor VLAN says which one a packet belongs to; stopped before it was counted; tell the VLANs apart with --vlan ID=vpc-…, or tie devices with --device NAME=eni-…`,
  },
  FG_OPTION_NOT_IN_MODEL: {
    owner: 'command-line',
    text: (option: string, id: string) =>
      `${option} names ${id}, which the model does not have; nothing was captured; name one of its NetworkInterfaces or Vpcs`,
  },
  FG_MODEL_UNREADABLE: {
    owner: 'command-line',
    text: (path: string, reason: string) =>
      `the model ${path} cannot be read: ${reason}; it was not used; name a JSON file of describe answers or a folder of them`,
  },
  FG_MODEL_EMPTY: {
    owner: 'command-line',
    text: (path: string) =>
      `the folder ${path} holds no .json or .json.gz file; put the answers of \`aws ec2 describe-…\` there, one file each`,
  },
  FG_MODEL_NOTHING: {
    owner: 'content',
    text: (file: string, members: readonly string[]) =>
      `"${file}" is no model: it has ${members.slice(0, 5).join(', ')}, and nothing that \`aws ec2 describe-…\` answers; it was not used; docs/model.md lists the members of a model`,
  },
  FG_MODEL_NOT_JSON: {
    owner: 'content',
    text: (path: string, reason: string) =>
      `the model file ${path} is not JSON: ${reason}; write it with \`aws ec2 describe-… --output json\``,
  },
  FG_DISK_FULL: {
    owner: 'surroundings',
    text: (path: string) =>
      `the disk that holds "${path}" is full; what did not fit was not written, and what was kept before it stays; make room and run again`,
  },
  FG_NOT_WRITABLE: {
    owner: 'surroundings',
    text: (path: string, code: string) =>
      `"${path}" may not be written or read (${code}); nothing was stored there; give this user the right or name another directory`,
  },
  FG_NOT_A_DIRECTORY: {
    owner: 'surroundings',
    text: (path: string) =>
      `"${path}" needs a directory where a file stands; nothing was stored there; remove the file or name another directory`,
  },
  FG_FILE_FAILED: {
    owner: 'surroundings',
    text: (path: string, message: string) =>
      `"${path}" could not be written or read (${message}); it was left as it was; look at the disk and run again`,
  },
  FG_KEY_REFUSED: {
    owner: 'content',
    text: (key: string) =>
      `object key "${key}" would leave its directory; it was not touched; use keys without empty parts, "." and ".."`,
  },
  FG_OBJECT_DIFFERS: {
    owner: 'content',
    text: (key: string, store: string) =>
      `object "${key}" in ${store} exists with other bytes; it was not overwritten; join captures that share five minutes first (\`mergecap -w all.pcap FILE…\`) and run over that, or give each run a directory of its own`,
  },
  FG_CAPTURE_UNREADABLE: {
    owner: 'command-line',
    text: (path: string, reason: string) =>
      `cannot read the capture ${path}: ${reason}; nothing was read; name a pcap or pcapng file that exists and may be read, or - for standard input`,
  },
  FG_CAPTURE_EMPTY: {
    owner: 'content',
    text: (name: string) =>
      `${name} has no bytes; there was nothing to read; capture again, for instance with \`tcpdump -w FILE\``,
  },
  FG_CAPTURE_UNKNOWN: {
    owner: 'content',
    text: (name: string, begin: string) =>
      `${name} is neither pcap nor pcapng, it begins with the bytes ${begin}; nothing was read; if it is a capture of another kind, \`editcap -F pcapng IN OUT\` makes pcapng of it; both are read within gzip and zstd too`,
  },
  FG_CAPTURE_TRUNCATED: {
    owner: 'content',
    text: (name: string, within: string, at: number, packets: number) =>
      `${name} ends inside ${within} at byte ${at}; the ${packets} packets before it were read; capture again or accept the loss`,
  },
  FG_CAPTURE_CORRUPT: {
    owner: 'content',
    text: (name: string, at: number, what: string, packets: number) =>
      `${name} is damaged: at byte ${at} it claims ${what}; the ${packets} packets before it were read and nothing behind it; take an undamaged copy or accept the loss`,
  },
  FG_CAPTURE_LINK_TYPE: {
    owner: 'content',
    text: (name: string, linkType: number, at: number) =>
      `${name} has frames of link type ${linkType} (said at byte ${at}), which cannot be read; they were left out; capture as Ethernet, Linux cooked, raw IP, NFLOG or BSD loopback, for instance with \`tcpdump -y EN10MB\``,
  },
  FG_CAPTURE_PACKING: {
    owner: 'content',
    text: (name: string, at: number, reason: string, packets: number) =>
      `${name} cannot be unpacked to its end: behind byte ${at} of what came out its packing is broken or ends early (${reason}); the ${packets} packets before that were read; take an undamaged copy or accept the loss`,
  },
  FG_QUERY_UNKNOWN: {
    owner: 'command-line',
    text: (name: string, near: readonly string[]) =>
      `there is no saved query "${name}", nothing was asked; ${near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `}\`flowgauge query --list\` names all, and SQL begins with SELECT`,
  },
  FG_PARAMETER_UNKNOWN: {
    owner: 'command-line',
    text: (query: string, name: string, known: readonly string[]) =>
      `${query} has no parameter "${name}", nothing was asked; ${known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`}`,
  },
  FG_PARAMETER_MISSING: {
    owner: 'command-line',
    text: (query: string, name: string, meaning: string) =>
      `${query} needs the parameter "${name}" (${meaning}), nothing was asked; give it with \`--param ${name}=VALUE\``,
  },
  FG_PARAMETER_VALUE: {
    owner: 'command-line',
    text: (name: string, value: string, wanted: string) =>
      `the parameter "${name}" got "${value}", nothing was asked; give ${wanted}`,
  },
  FG_QUERY_FIELDS: {
    owner: 'content',
    text: (query: string, missing: readonly string[], files: number) =>
      `${query} needs ${missing.join(', ')}, which ${files === 1 ? 'the one file does not hold' : `none of the ${files} files holds`}, so it was not asked; a flow log whose format names ${missing.length === 1 ? 'it' : 'them'} can answer`,
  },
  FG_QUERY_SQL: {
    owner: 'content',
    text: (message: string) =>
      `the SQL was not answered: ${message}; \`flowgauge query "DESCRIBE flow_logs"\` shows the columns`,
  },
  FG_QUERY_REFUSED: {
    owner: 'command-line',
    text: (what: string) =>
      `${what}, so nothing was run; ask with one statement that reads: SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN`,
  },
  FG_SOURCE_MISSING: {
    owner: 'content',
    text: (path: string) =>
      `there is no file or directory "${path}" to read; \`flowgauge up\` and \`flowgauge capture -w\` make one, and --from or --logs names another`,
  },
  FG_SOURCE_EMPTY: {
    owner: 'content',
    text: (path: string, stray: number) =>
      `"${path}" holds no flow log objects${stray === 0 ? '' : ` (${stray} other ${stray === 1 ? 'file was' : 'files were'} passed over)`}; name a directory with AWS's names, AWSLogs/…/…_vpcflowlogs_….log.gz, one that holds nothing but records or Parquet under other names, or one file`,
  },
  FG_SOURCE_NO_RECORDS: {
    owner: 'content',
    text: (file: string, why: string) =>
      `"${file}" was not read as a flow log: ${why}; a flow log is text that begins with a header of field names or records of a known format, or Parquet with columns named after fields`,
  },
  FG_SOURCE_UNREADABLE: {
    owner: 'content',
    text: (file: string, why: string) => `"${file}" could not be read: ${why}; fetch it again, or leave it out`,
  },
  FG_STRICT: {
    owner: 'content',
    text: (place: string, why: string, more: number) =>
      `"${place}" could not be read: ${why}${more === 0 ? '' : `, and there ${more === 1 ? 'is one' : `are ${more}`} more like it`}; --strict gives no answer that lacks something; mend it, or ask without --strict, and what is left out is told behind the answer`,
  },
  FG_OUTPUT_TERMINAL: {
    owner: 'command-line',
    text: () =>
      'Parquet is no text for a terminal, nothing was asked; name a file with --output-file, or redirect the output',
  },
  FG_DATA_DIRECTORY: {
    owner: 'surroundings',
    text: (path: string, reason: string) =>
      `the data directory ${path} cannot be used: ${reason}; nothing was started; name another one with --data`,
  },
  FG_DATA_DIRECTORY_LOCKED: {
    owner: 'surroundings',
    text: (path: string, pid: number) =>
      `process ${pid} is already running with this data directory (${path}); stop it, or name another one with --data`,
  },
  FG_CAPTURE_SOURCE: {
    owner: 'command-line',
    text: () => 'capture takes either -r FILE (- for stdin) or -i DEVICE; nothing was captured',
  },
  FG_CAPTURE_STDOUT_TEXT: {
    owner: 'command-line',
    text: (format: string) => `stdout takes records as text, not ${format}; name a directory with -w`,
  },
  FG_CAPTURE_OPTION_WITHOUT: {
    owner: 'command-line',
    text: (flags: string, other: string) =>
      `${flags} does nothing without ${other}; nothing was captured; give both, or leave it out`,
  },
  FG_CAPTURE_FLOW_LOGS_GIVEN: {
    owner: 'command-line',
    text: (flags: string, count: number) =>
      `the model has ${count} flow logs, which say what ${flags} would say; leave the options out, or FlowLogs out of the model`,
  },
  FG_CAPTURE_STDOUT_ONE: {
    owner: 'command-line',
    text: (count: number) =>
      `the model has ${count} flow logs, and stdout takes the records of exactly one; name a directory with -w`,
  },
  FG_NOT_A_BUCKET: {
    owner: 'ours',
    text: (flowLog: string, type: string) =>
      `flow log ${flowLog} delivers to ${type}, but its records were sent to a bucket; they stay in the spool; please report this`,
  },
  FG_SEGMENT_DAMAGED: {
    owner: 'content',
    text: (path: string) =>
      `"${path}" does not hold the bytes that were written; nothing was delivered from it and it was kept under the ending ".damaged"; look at the disk, and read what is left with a text viewer`,
  },
  FG_SPOOL_BUSY: {
    owner: 'command-line',
    text: (path: string, pid: number) =>
      `the spool "${path}" is used by process ${pid}; nothing was written; wait for it, or write to another directory`,
  },
  FG_SPOOL_COUNTER: {
    owner: 'content',
    text: (path: string) =>
      `"${path}" does not hold a number, so names might be used twice; nothing was written; put in a number above all that were used, or move the spool away`,
  },
  FG_NOT_DELIVERED: {
    owner: 'surroundings',
    text: (records: number, path: string, cause: string) =>
      `${records} ${records === 1 ? 'record is' : 'records are'} not delivered (${cause}); what could be written of them is kept in "${path}"; mend the cause and run again: that is delivered first`,
  },
  FG_PARQUET_LINES: {
    owner: 'ours',
    text: (count: number, line: number, cause: string) =>
      `${count} ${count === 1 ? 'record' : 'records'} could not be made into Parquet (the first is record ${line}: ${cause}); no object was made and the text stays in the spool; please report this`,
  },
  FG_CAPTURE_REFUSED: {
    owner: 'surroundings',
    text: (devices: string, words: string) =>
      `cannot capture on ${devices}: ${words}; nothing was captured; \`flowgauge doctor\` says what is missing and how to get it`,
  },
  FG_DEVICE_UNKNOWN: {
    owner: 'command-line',
    text: (device: string, known: readonly string[]) =>
      `this machine has no device "${device}"; nothing was captured; ${known.length === 0 ? '' : `it has ${known.join(', ')}; `}\`-i any\` takes every device`,
  },
  FG_CAPTURE_ENDED: {
    owner: 'surroundings',
    text: (devices: string, words: string) =>
      `the capture on ${devices} ended by itself: ${words}; what came before is kept; start again, \`flowgauge doctor\` says whether it may`,
  },
  FG_FIFO_FAILED: {
    owner: 'surroundings',
    text: (path: string, reason: string) =>
      `cannot make the FIFO ${path}: ${reason}; nothing was captured; choose a data directory that may be written and lies on a local disk`,
  },
  FG_COLLECTOR_ENDED: {
    owner: 'ours',
    text: (how: string, spool: string) =>
      `the process that collects this machine's traffic ended (${how}); the open window is lost, records that were not published are in ${spool} and are published when \`up\` starts again`,
  },
  ...AGENT_ERRORS,
  ...AWS_ERRORS,
  ...RANGE_ERRORS,
  ...RECORD_ERRORS,
  ...STATE_ERRORS,
  ...CHANGE_ERRORS,
  ...CONTROL_ERRORS,
  ...DETECT_ERRORS,
  ...DIAGNOSE_ERRORS,
  ...FILTER_ERRORS,
  ...KEY_ERRORS,
  ...LAB_ERRORS,
  ...LAKE_ERRORS,
  ...POLICY_ERRORS,
  ...PUBLISH_ERRORS,
  ...KERNEL_ERRORS,
  ...SERVER_ERRORS,
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

/** An error of the catalogue. `code` is stable; `message` is for people; the first error is kept as `cause`. */
export class FlowgaugeError extends Error {
  readonly code: ErrorCode;
  readonly owner: ErrorOwner;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FlowgaugeError';
    this.code = code;
    this.owner = ERRORS[code].owner;
  }
}

/**
 * Makes the error of a code from its facts.
 *
 * @param code   a key of `ERRORS`
 * @param facts  what its text takes, in order
 */
export function failure<C extends ErrorCode>(
  code: C,
  ...facts: Parameters<(typeof ERRORS)[C]['text']>
): FlowgaugeError {
  const text = ERRORS[code].text as (...facts: unknown[]) => string;
  return new FlowgaugeError(code, text(...facts));
}

/** As `failure`, keeping the error that led to it. */
export function failureFrom<C extends ErrorCode>(
  cause: unknown,
  code: C,
  ...facts: Parameters<(typeof ERRORS)[C]['text']>
): FlowgaugeError {
  const text = ERRORS[code].text as (...facts: unknown[]) => string;
  return new FlowgaugeError(code, text(...facts), { cause });
}
