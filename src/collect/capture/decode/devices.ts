/**
 * The devices of a capture: what its frames name by number or by description.
 *
 * In:    descriptions (pcapng interface blocks, the host's own devices) and kernel indexes of frames.
 * Out:   positions in `list`, which is `SourceInfo.devices`.
 * Holds: a position never changes its meaning; the same description has one position, however many sections repeat it.
 * Fails: never; there are at most 65,535 positions, and -1 says that there is no room.
 */
import type { SourceDevice } from '../../../model/batch.ts';

const LIMIT = 65_535;

/** Says what a kernel index stands for on the capturing host; null where it is not known. */
export type DescribeDevice = (ifindex: number, linkType: number) => SourceDevice | null;

export class DeviceList {
  readonly list: SourceDevice[] = [];
  readonly #byText = new Map<string, number>();
  readonly #byIndex = new Map<number, number>();
  readonly #describe: DescribeDevice;
  #lastIndex = -1;
  #lastPosition = 0;

  constructor(describe: DescribeDevice) {
    this.#describe = describe;
  }

  /** Position of a described device. */
  add(device: SourceDevice): number {
    const text = JSON.stringify(device);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.list.length >= LIMIT) return -1;
    this.#byText.set(text, this.list.length);
    return this.list.push(device) - 1;
  }

  /** Position of the device with a kernel index. The frame before mostly came from the same one. */
  ofIndex(ifindex: number, linkType: number): number {
    if (ifindex === this.#lastIndex) return this.#lastPosition;
    let position = this.#byIndex.get(ifindex);
    if (position === undefined) {
      const described = this.#describe(ifindex, linkType);
      position = this.add(described ?? { name: `ifindex${ifindex}`, ifindex, mac: null, addresses: [], linkType });
      if (position < 0) return -1;
      this.#byIndex.set(ifindex, position);
    }
    this.#lastIndex = ifindex;
    this.#lastPosition = position;
    return position;
  }
}
