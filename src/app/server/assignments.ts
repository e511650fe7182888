/**
 * What the collectors of other hosts are to do, from the facts.
 *
 * In:    facts, and which device of which host is which interface. Out: a host's assignment as JSON, with its version.
 * Holds: the version is a hash of what is assigned: it changes with the facts alone, and is the same after a restart. The network is
 *        made once for all hosts. Flow logs that were told for a time to come are in it before that time.
 * Fails: FG_STATE_*.
 */
import { hash } from 'node:crypto';
import type { AssignedFlowLog, HostAssignment } from '../../api/agents.ts';
import type { CurrentFacts, PlacedItem } from '../../storage/state/current-facts.ts';
import { openDevices } from '../../storage/state/devices.ts';
import { modelOf } from '../../storage/state/facts-at.ts';
import { openHeldFacts } from '../../storage/state/held-facts.ts';
import type { StateFile } from '../../storage/state/state-file.ts';

/** An assignment; `body` is the JSON of a `HostAssignment`. */
export type MadeAssignment = { readonly version: string; readonly body: string };

export type Assignments = {
  /** As the facts are at a time. */
  of(host: string, nowMicros: number): MadeAssignment;
};

/** More times to come than this are told later. */
const AHEAD = 16;

type Made = {
  readonly revision: number;
  readonly sinceMicros: number;
  /** When it is another one without a change; Infinity: never. */
  readonly untilMicros: number;
  readonly text: string;
  readonly digest: string;
};

/** Makes them. */
export function createAssignments(state: StateFile, facts: CurrentFacts, ownVpcId: string): Assignments {
  const flowLogs = openHeldFacts(state, 'FlowLogs');
  const devices = openDevices(state);
  let made: Made | null = null;

  const heldAt = (atMicros: number): AssignedFlowLog[] =>
    flowLogs
      .at(atMicros)
      .toSorted(byPlace)
      .map(({ account, region, item }) => ({ account, region, item }));

  function network(nowMicros: number): Made {
    facts.refresh();
    const { revision } = facts;
    if (made !== null && made.revision === revision && nowMicros < made.untilMicros) return made;
    const others = [...facts.all()].filter(({ kind }) => kind !== 'FlowLogs').toSorted(byPlace);
    const stages = [{ fromMicros: 0, held: heldAt(nowMicros) }];
    const first = flowLogs.nextChange(nowMicros);
    for (let next = first; next !== null && stages.length <= AHEAD; next = flowLogs.nextChange(next))
      stages.push({ fromMicros: next, held: heldAt(next) });
    const text = JSON.stringify({ ownVpcId, model: modelOf(others, nowMicros), flowLogs: stages });
    const sinceMicros = made !== null && made.revision === revision ? made.untilMicros : facts.lastMicros;
    made = { revision, sinceMicros, untilMicros: first ?? Infinity, text, digest: hash('sha256', text) };
    return made;
  }

  return {
    of(host, nowMicros) {
      const { text, digest, sinceMicros } = network(nowMicros);
      const own = devices
        .list()
        .filter((one) => one.host === host)
        .map(({ device, interfaceId }) => ({ device, interfaceId }));
      const version = hash('sha256', JSON.stringify([host, own, digest])).slice(0, 32);
      const head: Omit<HostAssignment, 'network'> = { format: 1, version, sinceMicros, host, devices: own };
      return { version, body: `${JSON.stringify(head).slice(0, -1)},"network":${text}}` };
    },
  };
}

function byPlace(one: PlacedItem, other: PlacedItem): number {
  const [a, b] = [one, other].map(({ kind, account, region, id }) => `${kind} ${account} ${region} ${id}`);
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}
