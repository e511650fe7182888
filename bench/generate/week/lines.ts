/**
 * Records of a generated week, as lines.
 *
 * In:    what two ends said to each other and when. Out: a record for each capture window and direction.
 * Holds: windows of an interface begin at its own second of the minute, as AWS's do (rule W1); `start` and `end` are a span that
 *        holds the packets and is wider than they are (rule W4). The same numbers give the same lines.
 */
import type { Random } from '../random.ts';

/** The log format: the default's fields, and those that tell who opened and which way. */
export const WEEK_FORMAT =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status} ${tcp-flags} ${flow-direction}';

const ACCOUNT = '123456789012';
const WINDOW_SECONDS = 60;
const SYN = 2;
const SYN_ACK = 18;
const FIN = 1;

/** An interface with the addresses that are its own. */
export type Nic = { readonly id: string; readonly four: string; readonly six: string };

/** What is said between an interface's own end and a peer. */
export type Talk = {
  readonly nic: Nic;
  /** Not given: the interface's IPv4 or IPv6 address, as the peer's. */
  readonly own?: string;
  readonly peer: string;
  readonly ownPort: number;
  readonly peerPort: number;
  readonly protocol: 1 | 6 | 17 | 58;
  readonly atSeconds: number;
  /** Of the packets; 0 is one instant. */
  readonly lengthSeconds?: number;
  readonly opener: 'own' | 'peer';
  /** Packets and bytes from the opener, and back; nothing back: nobody answered. */
  readonly sent: readonly [packets: number, bytes: number];
  readonly back?: readonly [packets: number, bytes: number];
  readonly action?: 'ACCEPT' | 'REJECT';
};

/** Takes talks, gives lines. */
export class WeekLines {
  readonly lines: string[] = [];
  readonly #random: Random;
  readonly #fields: 'all' | 'default';

  constructor(random: Random, fields: 'all' | 'default') {
    this.#random = random;
    this.#fields = fields;
  }

  /** Writes the records of a talk. */
  talk(talk: Talk): void {
    const { nic, atSeconds, lengthSeconds = 0, opener, peer } = talk;
    const own = talk.own ?? (peer.includes(':') ? nic.six : nic.four);
    const phase = Number.parseInt(nic.id.slice(-4), 16) % WINDOW_SECONDS;
    const first = Math.floor((atSeconds - phase) / WINDOW_SECONDS);
    const last = Math.floor((atSeconds + lengthSeconds - phase) / WINDOW_SECONDS);
    const windows = last - first + 1;
    for (let window = first; window <= last; window++) {
      const from = window * WINDOW_SECONDS + phase;
      const begin = Math.max(from, Math.min(atSeconds, from + WINDOW_SECONDS - 1) - this.#random.below(20));
      const until = Math.min(from + WINDOW_SECONDS - 1, atSeconds + lengthSeconds + this.#random.below(20));
      const span: readonly [number, number] = [Math.floor(begin), Math.floor(Math.max(begin, until))];
      const isFirst = window === first;
      const isLast = window === last;
      const isOwn = opener === 'own';
      this.#direction(talk, own, isOwn, talk.sent, windows, span, isFirst ? SYN : 0, isLast);
      if (talk.back !== undefined)
        this.#direction(talk, own, !isOwn, talk.back, windows, span, isFirst ? SYN_ACK : 0, isLast);
    }
  }

  #direction(
    { nic, peer, ownPort, peerPort, protocol, action = 'ACCEPT' }: Talk,
    own: string,
    isEgress: boolean,
    [packets, bytes]: readonly [number, number],
    windows: number,
    [start, end]: readonly [number, number],
    opens: number,
    isLast: boolean,
  ): void {
    const ends = isEgress ? `${own} ${peer} ${ownPort} ${peerPort}` : `${peer} ${own} ${peerPort} ${ownPort}`;
    const share = Math.max(1, Math.round(packets / windows));
    const size = Math.max(40, Math.round(bytes / windows));
    const flags = protocol === 6 ? opens | (isLast && action === 'ACCEPT' ? FIN : 0) : 0;
    const more = this.#fields === 'default' ? '' : ` ${flags} ${isEgress ? 'egress' : 'ingress'}`;
    this.lines.push(`2 ${ACCOUNT} ${nic.id} ${ends} ${protocol} ${share} ${size} ${start} ${end} ${action} OK${more}`);
  }

  /** A port as systems choose them for clients. */
  clientPort(): number {
    return 32_768 + this.#random.below(28_000);
  }
}
