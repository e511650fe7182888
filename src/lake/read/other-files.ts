/**
 * Files whose names are not AWS's, told by their first bytes.
 *
 * In:    what a place holds that has no flow log object at all: exports of CloudWatch Logs, what Firehose wrote, copies.
 * Out:   parts of it; what their bytes are is decided when they are opened, and one that is no flow log is a stray then.
 * Holds: the order of the files stays. Of a lake of other things only some are looked at. Names that begin with `.` or `_`, and AWS's own test of an export, are left out.
 * Fails: with the signal's reason; a file that cannot be read is told when it is opened.
 */
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';
import { inLanes } from './lanes.ts';
import type { TablePart } from './source.ts';
import { unpackedBegin } from './forms/packing.ts';
import { lookAtText } from './forms/text-form.ts';
import { FIRST_BYTES } from './text-file.ts';

const LANES = 16;
/** Of more files than this only so many are looked at before all are. */
const SAMPLE = 200;

/** Whether a file without a name of AWS's may be a flow log. */
export function mayBeFlowLog(key: string): boolean {
  return !/(?:^|\/)[._]/u.test(key) && !/(?:^|\/)aws-logs-write-test$/u.test(key);
}

/**
 * Parts of the files; none where of many files those looked at are none.
 *
 * @param pathOf  where a file lies on this machine; null elsewhere
 */
export async function otherFiles(
  refs: readonly ObjectRef[],
  store: ObjectStore,
  pathOf: (key: string) => string | null,
  signal: AbortSignal,
): Promise<TablePart[]> {
  if (refs.length > SAMPLE && !(await hasFlowLog(sampleOf(refs), store, signal))) return [];
  const parts: TablePart[] = [];
  await inLanes(LANES, refs, async (ref, at) => {
    const begin = await beginOf(ref, store, signal);
    const kind = begin !== null && isParquet(begin) ? 'parquet' : 'text';
    parts[at] = { ref, store, kind, format: null, path: pathOf(ref.key), byBytes: true };
  });
  return parts;
}

/** Files of the whole length of the list. */
function sampleOf(refs: readonly ObjectRef[]): ObjectRef[] {
  return Array.from({ length: SAMPLE }, (_, n) => refs[Math.floor((n * refs.length) / SAMPLE)]!);
}

async function hasFlowLog(refs: readonly ObjectRef[], store: ObjectStore, signal: AbortSignal): Promise<boolean> {
  let found = false;
  await inLanes(LANES, refs, async (ref) => {
    const begin = found ? null : await beginOf(ref, store, signal);
    found ||= begin !== null && begin.length > 0 && (isParquet(begin) || maybeText(begin));
  });
  return found;
}

/** Whether the begin of a file is that of record text, or does not say. */
function maybeText(begin: Uint8Array): boolean {
  const plain = unpackedBegin(begin);
  return plain === null || lookAtText(plain, true, null)?.isOther !== true;
}

function isParquet(begin: Uint8Array): boolean {
  return Buffer.from(begin.subarray(0, 4)).toString('latin1') === 'PAR1';
}

/** As much as is read when it is opened, for a store may keep it until then; null where it cannot be read. */
async function beginOf(ref: ObjectRef, store: ObjectStore, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    let begin: Uint8Array = new Uint8Array();
    for await (const chunk of store.read(ref, { start: 0, end: FIRST_BYTES }, signal)) {
      begin = begin.length === 0 ? chunk : Buffer.concat([begin, chunk]);
    }
    return begin;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
