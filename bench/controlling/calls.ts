/**
 * Signed calls of the EC2 API, many at a time, and how long each took.
 *
 * In:    a server, forms. Out: answers, requests a second, the 99th percentile.
 * Holds: connections are kept; both sides get the same bytes but for the signature, which is made before the clock starts.
 */
import { Agent, request } from 'node:http';
import { signedHeaders } from '../../src/control/import/sign-request.ts';

/** A server of the EC2 API. */
export type Api = { readonly port: number; readonly accessKeyId: string; readonly secretAccessKey: string };

/** The id of an interface that is put in place. */
export function interfaceId(i: number): string {
  return `eni-${i.toString(16).padStart(17, '0')}`;
}

type Signed = {
  readonly form: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Calls of one server. */
export class Calls {
  readonly #api: Api;
  readonly #agent: Agent;
  readonly #connections: number;

  constructor(api: Api, connections: number) {
    this.#api = api;
    this.#connections = connections;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** One call; fails where it is not answered with 200. */
  call(form: string): Promise<string> {
    return this.#send(this.#signed(form));
  }

  #signed(form: string): Signed {
    const body = `Version=2016-11-15&${form}`;
    const host = `127.0.0.1:${this.#api.port}`;
    const given = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const parts = { host, path: '/', headers: given, body };
    return { form, body, headers: signedHeaders(parts, this.#api, 'us-east-1', 'ec2', new Date()) };
  }

  #send({ form, body, headers }: Signed): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { port: this.#api.port, host: '127.0.0.1', method: 'POST', headers, agent: this.#agent };
      const sent = request(options, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${form}: ${response.statusCode} ${text.slice(0, 500)}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Makes all calls, as many at a time as there are connections. */
  async measure(forms: readonly string[]): Promise<{ readonly perSecond: number; readonly p99Millis: number }> {
    const took: number[] = [];
    const signed = forms.map((form) => this.#signed(form));
    const begin = performance.now();
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let one = signed[next++]; one !== undefined; one = signed[next++]) {
        const from = performance.now();
        await this.#send(one);
        took.push(performance.now() - from);
      }
    };
    await Promise.all(Array.from({ length: this.#connections }, lane));
    const seconds = (performance.now() - begin) / 1000;
    took.sort((a, b) => a - b);
    return { perSecond: forms.length / seconds, p99Millis: took[Math.floor(took.length * 0.99)] ?? 0 };
  }

  close(): void {
    this.#agent.destroy();
  }
}
