/**
 * The network that this host captures, from the facts: made anew whenever they or the host's devices change.
 *
 * In:    facts, what is tied to which device, the devices. Out: a snapshot that keeps the numbers of the one before, and
 *        the interface of each device.
 * Holds: a device is what it was attached to, else an interface of the host's own. A flow log counts from the time at
 *        which it holds: one that begins at a time to come comes with a network of that time.
 * Fails: FG_STATE_*; what cannot be compiled is thrown, and the network before stays.
 */
import type { HostDevice } from '../../collect/capture/devices.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { openDevices } from '../../storage/state/devices.ts';
import { modelOf } from '../../storage/state/facts-at.ts';
import { openHeldFacts } from '../../storage/state/held-facts.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import { compileNetwork } from '../collector/compile-network.ts';
import type { Network } from '../collector/coverage.ts';
import type { HostModel } from '../collector/host-model.ts';
import { hostInterfaces } from '../collector/host-model.ts';

export type NetworkOptions = {
  readonly state: StateFile;
  readonly facts: CurrentFacts;
  /** The host's own (rule P6). */
  readonly vpcId: string;
  /** Writes the facts of the devices that are interfaces of the host's own. */
  readonly keep: (devices: readonly HostDevice[]) => HostModel['devices'];
};

export type NetworkFollower = {
  /**
   * What has changed since the last look, one network after the other; mostly none.
   *
   * @param atMicros  of what the facts say now
   */
  look(devices: readonly HostDevice[], atMicros: number): readonly Network[];
};

/** More changes than this since the last look come as one. */
const AT_ONCE = 16;

/** A follower that has seen nothing yet. */
export function followNetwork({ state, facts, vpcId, keep }: NetworkOptions): NetworkFollower {
  const flowLogs = openHeldFacts(state, 'FlowLogs');
  const tied = openDevices(state);
  const ownDevices = () => tied.list().filter(({ host }) => host === null);
  let before: VpcSnapshot | undefined;
  let own: HostModel['devices'] = new Map();
  let seen = '';
  let revision = -1;
  let lastMicros = 0;

  function compile(atMicros: number, devices: readonly HostDevice[]): Network {
    const held = flowLogs.at(atMicros);
    const others = [...facts.all()].filter(({ kind }) => kind !== 'FlowLogs');
    const model = modelOf([...others, ...held], atMicros);
    const owners = new Map(held.map(({ id, account, region }) => [id, { accountId: account, region }]));
    before = compileNetwork({ name: state.path, model, owners, ownVpcId: vpcId, atMicros }, before);
    lastMicros = atMicros;
    return { snapshot: before, devices: tiesOf(devices), changedMicros: facts.lastMicros };
  }

  function tiesOf(devices: readonly HostDevice[]): [string, string][] {
    const there = new Set(devices.map(({ name }) => name));
    const ties = new Map([...own].map(([id, name]) => [name, id]));
    for (const { device, interfaceId } of ownDevices()) ties.set(device, interfaceId);
    return [...ties].filter(([name]) => there.has(name));
  }

  return {
    look(devices, atMicros) {
      facts.refresh();
      const attached = new Set(ownDevices().map(({ device }) => device));
      const interfaces = hostInterfaces(devices).filter(({ name }) => !attached.has(name));
      const state = JSON.stringify([interfaces, devices.map(({ name }) => name)]);
      if (state !== seen) own = keep(interfaces);
      // A clock that went back, or two changes in a moment: what was written is not of a time to come.
      const nowMicros = Math.max(atMicros, facts.lastMicros);
      const networks: Network[] = [];
      // Flow logs that began or ended since, be it told now or before for this time: each from its own time on.
      for (let next = nextTime(); next !== null && next <= nowMicros && networks.length < AT_ONCE; next = nextTime())
        networks.push(compile(next, devices));
      const isWhole = networks.length > 0 && networks.length < AT_ONCE;
      if (!isWhole && (state !== seen || facts.revision !== revision))
        networks.push(compile(Math.max(nowMicros, lastMicros + 1), devices));
      seen = state;
      ({ revision } = facts);
      return networks;
    },
  };

  function nextTime(): number | null {
    return lastMicros === 0 ? null : flowLogs.nextChange(lastMicros);
  }
}
