/**
 * Which devices of a capture are interfaces of the model (rule P4).
 *
 * In:    devices of a source. Out: the number of the interface that each is tied to, 0 none.
 * Holds: `--device` comes first, and last where only named devices are wanted. A live device is tied by its MAC, else by an address. A pcapng interface is tied only
 *        by its name, if that is the id, or by the MAC that the file gives.
 * Fails: FG_OPTION_NOT_IN_MODEL; FG_ADDRESS_SHARED where addresses lead to two interfaces.
 */
import type { SourceDevice, SourceInfo } from '../../model/batch.ts';
import { failure } from '../../model/errors.ts';
import { parseAddress } from '../vpc/addresses.ts';
import type { Holders } from '../vpc/holders.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import type { JudgeOptions } from './judge.ts';

/** Interfaces by MAC; the first where several have the same. */
export function interfacesByMac(snapshot: VpcSnapshot): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const one of snapshot.interfaces) if (one.mac !== null && !found.has(one.mac)) found.set(one.mac, one.number);
  return found;
}

function byAddress(snapshot: VpcSnapshot, holders: Holders, device: SourceDevice): number {
  let found = 0;
  for (const text of device.addresses) {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = parseAddress(text)?.words ?? [];
    const family = text.includes(':') ? 6 : 4;
    for (let link = holders.find(family, w0, w1, w2, w3); link !== 0; link = holders.next[link] ?? 0) {
      const holder = holders.interfaceOf[link] ?? 0;
      if (found !== 0 && found !== holder) {
        const [first, second] = [found, holder].map((number) => snapshot.interfaces[number]?.id ?? '');
        throw failure('FG_ADDRESS_SHARED', `${text} of device ${device.name}`, first ?? '', second ?? '');
      }
      found = holder;
    }
  }
  return found;
}

/**
 * The interface of each device of a source, 0 where it is tied to none.
 *
 * @param from  devices before this position are left out: they were bound before
 */
export function bindDevices(
  snapshot: VpcSnapshot,
  holders: Holders,
  macs: ReadonlyMap<string, number>,
  source: SourceInfo,
  options: JudgeOptions,
  from: number,
): number[] {
  const numberOf = (id: string): number =>
    snapshot.interfaces.find((one) => one.number > 0 && one.id === id)?.number ?? 0;
  return source.devices.slice(from).map((device) => {
    const named = options.named.get(device.name);
    if (named !== undefined) {
      const number = numberOf(named);
      if (number === 0) throw failure('FG_OPTION_NOT_IN_MODEL', `--device ${device.name}=${named}`, named);
      return number;
    }
    if (options.namedOnly === true) return 0;
    const byMac = device.mac === null ? 0 : (macs.get(device.mac) ?? 0);
    if (byMac !== 0) return byMac;
    return options.live ? byAddress(snapshot, holders, device) : numberOf(device.name);
  });
}
