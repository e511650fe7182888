/**
 * Signed calls of the EC2 API, many at a time, and how long each took.
 *
 * In:    a server, forms. Out: answers, requests a second, the 99th percentile, CPU of the server.
 * Holds: both sides get the same bytes but for the signature. Requests are signed before the clock starts, go over connections
 *        that are kept where the server keeps them, and answers are only cut apart: what is measured is the server.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { signedHeaders } from '../../src/storage/object/sign-request.ts';

/** A server of the EC2 API. */
export type Api = {
  readonly port: number;
  readonly pid: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

export type Run = {
  readonly perSecond: number;
  readonly p99Millis: number;
  /** CPU of the server, all its threads, for one call. */
  readonly cpuMillis: number;
};

/** The id of an interface that is put in place. */
export function interfaceId(i: number): string {
  return `eni-${i.toString(16).padStart(17, '0')}`;
}

/** Calls of one server. */
export class Calls {
  readonly #api: Api;
  readonly #lanes: readonly Lane[];

  /** @param connections  the most that there will be */
  constructor(api: Api, connections: number) {
    this.#api = api;
    this.#lanes = Array.from({ length: connections }, () => new Lane(api.port));
  }

  /** One call; fails where it is not answered with 200. */
  async call(form: string): Promise<string> {
    return (await this.#lanes[0]!.ask(this.#signed(form))).toString();
  }

  /**
   * Makes all calls.
   *
   * @param connections  so many at a time
   */
  async measure(forms: readonly string[], connections: number): Promise<Run> {
    const requests = forms.map((form) => this.#signed(form));
    const took: number[] = [];
    const cpu = cpuMillis(this.#api.pid);
    const begin = performance.now();
    let next = 0;
    const all = this.#lanes.slice(0, connections).map(async (lane) => {
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        const from = performance.now();
        await lane.ask(request);
        took.push(performance.now() - from);
      }
    });
    await Promise.all(all);
    const seconds = (performance.now() - begin) / 1000;
    took.sort((a, b) => a - b);
    return {
      perSecond: forms.length / seconds,
      p99Millis: took[Math.floor(took.length * 0.99)] ?? 0,
      cpuMillis: (cpuMillis(this.#api.pid) - cpu) / forms.length,
    };
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  #signed(form: string): Buffer {
    const body = `Version=2016-11-15&${form}`;
    const host = `127.0.0.1:${this.#api.port}`;
    const given = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const headers = {
      ...signedHeaders({ host, path: '/', headers: given, body }, this.#api, 'us-east-1', 'ec2', new Date()),
      'content-length': String(Buffer.byteLength(body)),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  }
}

/** A connection that has been idle for so long may be ended by the server at any moment. */
const IDLE_MILLIS = 2000;

/** One connection, one request at a time; made anew where the server has ended it. */
class Lane {
  readonly #port: number;
  #socket: Socket | null = null;
  #answered: PromiseWithResolvers<Buffer> | null = null;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Where the answer ends; null while its head is not whole. */
  #end: number | null = null;
  #keeps = true;
  #lastMillis = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** The body of the answer. */
  ask(request: Buffer): Promise<Buffer> {
    this.#pieces = [];
    this.#bytes = 0;
    this.#end = null;
    this.#answered = Promise.withResolvers<Buffer>();
    if (performance.now() - this.#lastMillis > IDLE_MILLIS) this.#leave();
    (this.#socket ??= this.#connect()).write(request);
    return this.#answered.promise;
  }

  close(): void {
    this.#leave();
  }

  #leave(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connect(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (piece) => this.#take(piece));
    socket.on('error', (error) => {
      if (this.#socket === socket) this.#answered?.reject(error);
    });
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#answered?.reject(new Error('the server ended the connection'));
    });
    return socket;
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#end === null) this.#readHead();
    if (this.#end === null || this.#bytes < this.#end) return;
    const whole = Buffer.concat(this.#pieces);
    const answered = this.#answered;
    this.#answered = null;
    if (!this.#keeps) this.#leave();
    this.#lastMillis = performance.now();
    if (whole.subarray(9, 12).toString() === '200') answered?.resolve(whole.subarray(whole.indexOf('\r\n\r\n') + 4));
    else answered?.reject(new Error(whole.subarray(0, 1000).toString()));
  }

  #readHead(): void {
    const text = Buffer.concat(this.#pieces).toString('latin1');
    const at = text.indexOf('\r\n\r\n');
    if (at < 0) return;
    const head = text.slice(0, at);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) throw new Error(`an answer without its length: ${head}`);
    this.#end = at + 4 + Number(length);
    this.#keeps = head.startsWith('HTTP/1.1') && !/\r\nconnection: *close/i.test(head);
  }
}

/** A tick of the kernel's count, as Linux shows it everywhere. */
const TICK_MILLIS = 10;

function cpuMillis(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MILLIS;
}
