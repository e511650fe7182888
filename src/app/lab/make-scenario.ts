/**
 * Makes the data directory of a scenario.
 *
 * In:    where it shall be, the scenario. Out: an ordinary data directory of `up` with a first key, and `lab.json`.
 * Holds: it is made aside and renamed, so that one which is there is whole. The same scenario has the same ids each time.
 * Fails: FG_LAB_CALL, FG_STATE_*; those of a disk.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addFirstKey, HOST_ACCOUNT } from '../../control/keys.ts';
import { fileFailure } from '../../storage/object/file-errors.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { CREDENTIALS_FILE } from '../server/control.ts';
import { callsOf, LAB_REGION } from './call-ec2.ts';
import { networkMaker } from './make-network.ts';
import type { Scenario } from './scenario.ts';

/** Says that a directory is a lab's, and of which scenario. */
export const LAB_FILE = 'lab.json';

/** What `lab.json` holds. */
export type LabFile = { readonly format: 1; readonly scenario: string };

/** Makes it; `directory` must not be there. */
export async function makeScenario(directory: string, scenario: Scenario): Promise<void> {
  const aside = `${directory}.making`;
  try {
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    const state = openState(statePath(aside), true);
    try {
      const key = { account: HOST_ACCOUNT, role: 'operate', forSeconds: null } as const;
      addFirstKey(state, key, LAB_REGION, join(aside, CREDENTIALS_FILE), new Date());
      await scenario.build(networkMaker(callsOf(state, scenario.name)));
    } finally {
      state.close();
    }
    const file: LabFile = { format: 1, scenario: scenario.name };
    writeFileSync(join(aside, LAB_FILE), `${JSON.stringify(file)}\n`);
    renameSync(aside, directory);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw fileFailure(error, directory);
  }
}

/** What a directory says of its lab; null where it is none. */
export function readLabFile(directory: string): LabFile | null {
  try {
    return JSON.parse(readFileSync(join(directory, LAB_FILE), 'utf8')) as LabFile;
  } catch {
    return null;
  }
}
