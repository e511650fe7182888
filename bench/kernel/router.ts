/**
 * A router between two hosts, whose tables are read by a process in its namespace.
 *
 * In:    who counts there, how it is read. Out: packets sent through it, generations and what they cost.
 * Holds: the far host takes all and answers nothing; all is taken away at the end.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildNetwork } from '../../test/e2e/namespaces.ts';
import type { Network } from '../../test/e2e/namespaces.ts';
import { prepare } from '../../test/e2e/observed-host.ts';
import { NODE } from '../inputs.ts';

const SENDER = join(import.meta.dirname, 'send-flows.py');
const READER = join(import.meta.dirname, 'read-generations.ts');
/** Somebody's firewall: chains in three hooks, in which no packet of ours is dropped. */
const FIREWALL = ['input', 'forward', 'output']
  .map((hook) => `add chain inet theirs ${hook} { type filter hook ${hook} priority 0; }; `)
  .join('');

export type How = 'enforce' | 'observe';
export type Reader = 'nft' | 'addon';

/** What was sent, and CPU seconds of the sender's process: those of forwarding are in `system`. */
export type Sent = {
  readonly packets: number;
  readonly seconds: number;
  readonly user: number;
  readonly system: number;
};

/** What one end of a generation gave; where generations end by themselves too, all of them since the last one. */
export type Ended = {
  readonly generations: number;
  /** Counters for which there is room, or will be. */
  readonly room: number;
  readonly rows: number;
  readonly packets: number;
  readonly full: number;
  readonly unread: number;
  readonly odd: number;
  /** Packets that were no observation, by cause. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** CPU seconds of the process that reads, and of all nft that it ran. */
  readonly own: number;
  readonly ran: number;
  /** Milliseconds. */
  readonly took: number;
  /** Largest resident size until now, in megabytes. */
  readonly peak: number;
};

export class Router {
  readonly network: Network = buildNetwork();
  readonly #gateway: string;
  #first = 0;
  #reader: { readonly child: ChildProcess; readonly lines: AsyncIterator<string> } | null = null;

  constructor() {
    prepare(this.network);
    this.#gateway = this.network.run('router', ['cat', '/sys/class/net/to-a/address']).trim();
  }

  /**
   * Sends flows that were not sent before.
   *
   * @param rate      packets a second; 0: as many as go
   * @param together  flows whose packets are sent by turns; default: all
   */
  async send(flows: number, packets: number, rate: number, together: number = flows): Promise<Sent> {
    const { a, b } = this.network;
    const numbers = [flows, packets, rate, this.#first, together].map(String);
    this.#first += flows;
    const words = ['netns', 'exec', `fg${process.pid}a`, 'python3', SENDER];
    const sender = spawn('ip', [...words, 'eth0', a.mac, this.#gateway, b.address4, ...numbers], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 300_000,
    });
    let said = '';
    sender.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(sender, 'close')) as [number | null];
    if (code !== 0) throw new Error(`the sender ended with ${code}`);
    const [sent, seconds, user, system] = said.trim().split(' ').map(Number) as [number, number, number, number];
    return { packets: sent, seconds, user, system };
  }

  /** Counts what comes, before all hooks that we look at: a busy machine loses packets on their way there. */
  watch(): void {
    const chain = 'add chain netdev came p { type filter hook ingress device to-a priority 0; }';
    const rule = 'add rule netdev came p udp dport 5001 counter name n_came';
    this.network.run('router', ['nft', `add table netdev came; add counter netdev came n_came; ${chain}; ${rule}`]);
  }

  /** Packets since `watch`. */
  came(): number {
    const said = this.network.run('router', ['nft', 'list', 'counter', 'netdev', 'came', 'n_came']);
    return Number(/packets (\d+)/.exec(said)![1]);
  }

  /** Begins to count; `setSize`: elements of each set; `clock`: generations end by themselves too, as those of a collector do. */
  async count(how: How, reader: Reader, setSize: number | null = null, clock: 'clock' | '' = ''): Promise<void> {
    if (how === 'observe') this.network.run('router', ['nft', `add table inet theirs; ${FIREWALL}`]);
    const words = ['netns', 'exec', `fg${process.pid}router`, NODE, READER, how, reader, String(setSize ?? ''), clock];
    const child = spawn('ip', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#reader = { child, lines };
    await this.#line();
  }

  /** Ends a generation. */
  async end(): Promise<Ended> {
    this.#reader!.child.stdin!.write('end\n');
    return JSON.parse(await this.#line()) as Ended;
  }

  /** Ends to count. */
  async rest(): Promise<void> {
    const { child } = this.#reader!;
    this.#reader = null;
    child.stdin!.end('stop\n');
    await once(child, 'exit');
    this.network.run('router', ['nft', 'flush', 'ruleset']);
  }

  async remove(): Promise<void> {
    if (this.#reader !== null) {
      this.#reader.child.kill();
      await once(this.#reader.child, 'exit');
    }
    await this.network.remove();
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#reader!.lines.next();
    if (done) throw new Error('the process that reads has ended');
    return value;
  }
}
