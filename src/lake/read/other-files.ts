/**
 * Files whose names are not AWS's, told by their first bytes.
 *
 * In:    what a place holds that has no flow log object at all: exports of CloudWatch Logs, what Firehose wrote, copies.
 * Out:   parts of it; what their bytes are is decided when they are opened, and one that is no flow log is a stray then.
 * Holds: the order of the files stays. Names that begin with `.` or `_`, and AWS's own test of an export, are left out.
 * Fails: with the signal's reason; a file that cannot be read is told when it is opened.
 */
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';
import { inLanes } from './lanes.ts';
import type { TablePart } from './source.ts';
import { FIRST_BYTES } from './text-file.ts';

const LANES = 16;

/** Whether a file without a name of AWS's may be a flow log. */
export function mayBeFlowLog(key: string): boolean {
  return !/(?:^|\/)[._]/u.test(key) && !/(?:^|\/)aws-logs-write-test$/u.test(key);
}

/**
 * Parts of the files.
 *
 * @param pathOf  where a file lies on this machine; null elsewhere
 */
export async function* otherFiles(
  refs: readonly ObjectRef[],
  store: ObjectStore,
  pathOf: (key: string) => string | null,
  signal: AbortSignal,
): AsyncGenerator<TablePart> {
  const kinds: TablePart['kind'][] = [];
  await inLanes(LANES, refs, async (ref, at) => {
    kinds[at] = (await isParquet(ref, store, signal)) ? 'parquet' : 'text';
  });
  for (const [at, ref] of refs.entries()) {
    yield { ref, store, kind: kinds[at]!, format: null, path: pathOf(ref.key), byBytes: true };
  }
}

async function isParquet(ref: ObjectRef, store: ObjectStore, signal: AbortSignal): Promise<boolean> {
  try {
    let head: Uint8Array = new Uint8Array();
    // As much as is asked for when it is opened: a store may keep it until then.
    for await (const chunk of store.read(ref, { start: 0, end: FIRST_BYTES }, signal)) {
      head = Buffer.concat([head, chunk]);
      if (head.length >= 4) break;
    }
    return Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1';
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
