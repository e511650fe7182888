/**
 * Detection and alerts beside a `watch worker`.
 *
 * In:    a data directory, the place whose newest records are looked at. Out: looks, findings, alerts, until it is ended.
 * Holds: one process for a data directory, `up` or a worker, so of many workers on a queue one looks, and nobody is told twice. Settings are
 *        `detect` and `alerts` of `flowgauge.json` there, as of `up`; whoever asks for detection has it whatever `detect.enabled` says.
 * Fails: FG_SOURCE_MISSING, FG_DATA_DIRECTORY, FG_DATA_DIRECTORY_LOCKED, FG_CONFIG; as the state file does.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failure, failureFrom, FlowgaugeError } from '../../../model/errors.ts';
import { openSource } from '../../../lake/read/open-source.ts';
import { giveProcessLockBack, takeProcessLock } from '../../../storage/object/process-lock.ts';
import { openState, statePath } from '../../../storage/state/state-file.ts';
import type { StateFile } from '../../../storage/state/state-file.ts';
import type { LookPlace } from '../../../watch/look.ts';
import { CONFIG_FILE, readConfig } from '../../config.ts';
import { checkDetection } from './settings.ts';
import type { DetectionStanding } from './standing.ts';
import { startWatching } from './watching.ts';
import type { WatchEvent } from './watching.ts';

/** Begins; the answer ends it. */
export async function detectBeside(
  directory: string,
  place: LookPlace,
  standing: DetectionStanding,
  show: (event: WatchEvent) => void,
): Promise<() => Promise<void>> {
  // That it is nowhere is told now, and not by each look.
  await openSource(place.from, { access: place.access });
  const data = resolve(directory);
  const lock = join(data, 'lock');
  take(data, lock);
  let state: StateFile | null = null;
  try {
    const path = join(data, CONFIG_FILE);
    const { detection, receivers } = await readConfig(path);
    checkDetection(detection, path);
    state = openState(statePath(data));
    const opened = state;
    const end = startWatching({
      data,
      state: opened,
      place,
      detection: { ...detection, isOn: true },
      receivers,
      publicUrl: null,
      standing,
      firstMillis: 0,
      show,
    });
    return async () => {
      await end();
      opened.close();
      giveProcessLockBack(lock);
    };
  } catch (error) {
    state?.close();
    giveProcessLockBack(lock);
    throw error;
  }
}

/** The directory, and the lock in it. */
function take(data: string, lock: string): void {
  let holder: number | null;
  try {
    mkdirSync(data, { recursive: true });
    holder = takeProcessLock(lock);
  } catch (error) {
    if (error instanceof FlowgaugeError) throw error;
    throw failureFrom(error, 'FG_DATA_DIRECTORY', data, error instanceof Error ? error.message : String(error));
  }
  if (holder !== null) throw failure('FG_DATA_DIRECTORY_LOCKED', lock, holder);
}
