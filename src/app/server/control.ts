/**
 * The control plane of a data directory: its state file, the first key, and the API in front of it.
 *
 * In:    where things are, whose the host is. Out: the API; the facts, for whoever captures by them.
 * Holds: what the API and this process write is in one memory of facts; what other processes write is seen with the next
 *        reading. With the first start comes a key, in a file that AWS's tools read.
 * Fails: FG_ACCOUNT_IMPORTED, FG_STATE_*; those of a disk.
 */
import { join } from 'node:path';
import type { Surroundings } from '../../control/ec2/action.ts';
import { createEc2 } from '../../control/ec2/create-ec2.ts';
import type { Ec2 } from '../../control/ec2/create-ec2.ts';
import { findAnywhere } from '../../control/ec2/resources.ts';
import { addFirstKey, addKey } from '../../control/keys.ts';
import type { WantedKey } from '../../control/keys.ts';
import type { AuditLog } from '../../storage/state/audit.ts';
import { openAudit } from '../../storage/state/audit.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import type { DeliveryView } from './deliveries.ts';

/** Name of the file with the first key, in the data directory. */
export const CREDENTIALS_FILE = 'credentials';
/** As on AWS. */
const FLOW_LOGS_PER_RESOURCE = 250;

export type ControlOptions = {
  readonly directory: string;
  /** Whose facts are kept here; null: nobody's, all is imported and only read. */
  readonly accountId: string | null;
  readonly region: string;
  readonly deliveries: DeliveryView;
  /** Told of errors that are ours. */
  readonly failed: (error: unknown) => void;
};

export type Control = {
  readonly state: StateFile;
  readonly facts: CurrentFacts;
  readonly audit: AuditLog;
  readonly ec2: Ec2;
  readonly deliveries: DeliveryView;
  /** Where who keeps facts here creates what nobody says a region for. */
  readonly region: string;
  /** Path of the file with the first key. */
  readonly credentials: string;
  close(): void;
};

/** Opens it, making what is not there. */
export function openControl({ directory, accountId, region, deliveries, failed }: ControlOptions): Control {
  const credentials = join(directory, CREDENTIALS_FILE);
  const state = openState(statePath(directory), true);
  try {
    const first = accountId === null ? null : ({ account: accountId, role: 'operate', forSeconds: null } as const);
    if (first !== null) addFirstKey(state, first, region, credentials, new Date());
    const facts = factsWith(state, first);
    const surroundings: Surroundings = {
      checkDestination: deliveries.checkDestination,
      deliveryError(id) {
        const found = findAnywhere(facts, 'FlowLogs', id);
        return found === undefined ? null : deliveries.errorOf(found.item, found.region);
      },
      flowLogsPerResource: FLOW_LOGS_PER_RESOURCE,
    };
    const ec2 = createEc2({ state, facts, surroundings, failed });
    return { state, facts, audit: openAudit(state), ec2, deliveries, region, credentials, close: () => state.close() };
  } catch (error) {
    state.close();
    throw error;
  }
}

/** The facts, with the account among those that are kept here: the settings may name another one than at first. */
function factsWith(state: StateFile, wanted: WantedKey | null): CurrentFacts {
  const facts = openCurrentFacts(state);
  if (wanted === null || facts.isOwn(wanted.account)) return facts;
  addKey(state, wanted, new Date());
  return openCurrentFacts(state);
}
