/**
 * Which device of this host an interface is.
 *
 * In:    a state file. Out: pairs of devices and interfaces.
 * Holds: an interface is one device and a device one interface. What is written is part of its caller's transaction. A pair
 *        whose interface is no longer there says nothing, and gives way to a new one.
 * Fails: FG_STATE_*.
 */
import { FOREVER } from './migrations.ts';
import type { StateFile } from './state-file.ts';

/** A device and the interface that it is. */
export type TiedDevice = {
  readonly device: string;
  readonly interfaceId: string;
  readonly account: string;
  readonly region: string;
};

export type Devices = {
  /** Those whose interfaces are there, by name of the device. */
  list(): readonly TiedDevice[];
  add(tied: TiedDevice, atMicros: number): void;
  remove(device: string): void;
};

const THERE = `SELECT device, interface, devices.account, devices.region FROM devices
  JOIN facts ON facts.kind = 'NetworkInterfaces' AND facts.account = devices.account AND facts.region = devices.region
    AND facts.item = interface AND known_to = ${FOREVER} AND held_to = ${FOREVER}
  ORDER BY device`;

/** The devices of a state file. */
export function openDevices(state: StateFile): Devices {
  const { database } = state;
  const list = database.prepare(THERE);
  return {
    list: () =>
      state.reading(() =>
        list.all().map((row) => ({
          device: String(row['device']),
          interfaceId: String(row['interface']),
          account: String(row['account']),
          region: String(row['region']),
        })),
      ),
    add: ({ device, interfaceId, account, region }, atMicros) =>
      state.transaction(() => {
        database.prepare('DELETE FROM devices WHERE device = ? OR interface = ?').run(device, interfaceId);
        database
          .prepare('INSERT INTO devices (device, interface, account, region, at) VALUES (?, ?, ?, ?, ?)')
          .run(device, interfaceId, account, region, atMicros);
      }),
    remove: (device) =>
      state.transaction(() => void database.prepare('DELETE FROM devices WHERE device = ?').run(device)),
  };
}
