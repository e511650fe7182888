/**
 * The networks that an assignment says, one after the other.
 *
 * In:    assignments as they come, this host's devices, the time. Out: a snapshot for each change, with numbers of its own.
 * Holds: numbers are kept from one assignment to the next, whatever server made it. A flow log that begins or ends at a
 *        time to come does so then, be the server there or not. What an assignment changes holds from when it came to be so,
 *        at most two seconds before it is known here: what is told later was not so here.
 * Fails: FG_MODEL_*: the assignment is not followed, and the one before stays.
 */
import type { HostAssignment } from '../../api/agents.ts';
import type { HostDevice } from '../../collect/capture/devices.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { compileNetwork } from '../collector/compile-network.ts';
import type { Network } from '../collector/coverage.ts';

export type AssignedNetworks = {
  /** What is followed; null: nothing yet. */
  readonly assignment: HostAssignment | null;
  /** Takes another assignment; networks from it come with the answer. */
  assign(assignment: HostAssignment, devices: readonly Named[], nowMicros: number): readonly Network[];
  /** What has changed since the last look; mostly nothing. The first look gives a network, an empty one where nothing is assigned. */
  look(devices: readonly Named[], nowMicros: number): readonly Network[];
};

type Named = Pick<HostDevice, 'name'>;

/** From a call of the API to its arrival here. */
const ON_ITS_WAY_MICROS = 2_000_000;

/** Follows nothing yet. */
export function createAssignedNetworks(): AssignedNetworks {
  let assignment: HostAssignment | null = null;
  let before: VpcSnapshot | undefined;
  let lastMicros = 0;
  let tied = '';

  function tiesOf(from: HostAssignment | null, devices: readonly Named[]): (readonly [string, string])[] {
    const there = new Set(devices.map(({ name }) => name));
    return (from?.devices ?? [])
      .filter(({ device }) => there.has(device))
      .map(({ device, interfaceId }) => [device, interfaceId] as const);
  }

  function compile(from: HostAssignment | null, devices: readonly Named[], atMicros: number): Network {
    const held = from?.network.flowLogs.findLast(({ fromMicros }) => fromMicros <= atMicros)?.held ?? [];
    const owners = new Map(
      held.map(({ account, region, item }) => [
        String((item as { FlowLogId?: unknown }).FlowLogId),
        { accountId: account, region },
      ]),
    );
    const model = { ...from?.network.model, FlowLogs: held.map(({ item }) => item) };
    const ownVpcId = from?.network.ownVpcId ?? '';
    const snapshot = compileNetwork({ name: 'the assignment', model, owners, ownVpcId, atMicros }, before);
    const ties = tiesOf(from, devices);
    before = snapshot;
    lastMicros = atMicros;
    tied = JSON.stringify(ties);
    return { snapshot, devices: ties, changedMicros: from?.sinceMicros ?? 0 };
  }

  /** Times after the last network at which flow logs begin or end. */
  function due(devices: readonly Named[], nowMicros: number): Network[] {
    return (assignment?.network.flowLogs ?? [])
      .map(({ fromMicros }) => fromMicros)
      .filter((at) => at > lastMicros && at <= nowMicros)
      .map((at) => compile(assignment, devices, at));
  }

  return {
    get assignment() {
      return assignment;
    },
    assign(next, devices, nowMicros) {
      const first = lastMicros === 0;
      const known = Math.max(next.sinceMicros, nowMicros - ON_ITS_WAY_MICROS);
      const atMicros = first ? nowMicros : Math.max(Math.min(known, nowMicros), lastMicros + 1);
      const network = compile(next, devices, atMicros);
      assignment = next;
      return [network, ...due(devices, nowMicros)];
    },
    look(devices, nowMicros) {
      if (lastMicros === 0) return [compile(assignment, devices, nowMicros)];
      const networks = due(devices, nowMicros);
      if (JSON.stringify(tiesOf(assignment, devices)) === tied) return networks;
      return [...networks, compile(assignment, devices, Math.max(nowMicros, lastMicros + 1))];
    },
  };
}
