/**
 * For tests: the API on a port of loopback, over a state file of its own, with the SDK's client.
 *
 * Holds: each has its own directory, which `close` removes. Time stands still until it is moved.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SignatureV4 } from '@smithy/signature-v4';
import type { DeliveryProblem } from '../../publish/destination.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { Item, Scope } from '../../storage/state/current-facts.ts';
import { openKeys } from '../../storage/state/keys.ts';
import type { Role } from '../../storage/state/keys.ts';
import { openState } from '../../storage/state/state-file.ts';
import { Sha256 } from '../../storage/object/sha256.fixture.ts';
import { createEc2 } from './create-ec2.ts';
import type { Ec2, Ec2Options, Response } from './create-ec2.ts';
import { listen } from './serve.fixture.ts';
import type { Request } from './signed-request.ts';
import { idOf, KIND_WORDS } from './items.ts';
import type { Items, Kind } from './items.ts';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const REGION = 'eu-west-1';
export const SECRET = 'a-secret-that-only-tests-know';

export type Pretended = {
  readonly ec2: Ec2;
  readonly endpoint: string;
  /** May be moved. */
  readonly clock: { now: Date };
  /** What a destination says when it is asked, and why the records of a flow log do not arrive. */
  readonly destination: { problem: DeliveryProblem | null; readonly errors: Map<string, 'Access error'> };
  /** The path of the state file. */
  readonly path: string;
  readonly client: (who?: 'operate' | 'read' | 'other', region?: string) => EC2Client;
  /** Sends a form as it is, signed; past the HTTP server. */
  readonly send: (
    form: string,
    how?: { who?: keyof typeof KEY_IDS; service?: string; region?: string },
  ) => Promise<Response>;
  /** A request whose query is signed. */
  readonly presign: (form: string) => Promise<Request>;
  /** Puts things in place without an action. */
  readonly put: <K extends Kind>(kind: K, items: readonly Items[K][], account?: string, region?: string) => void;
  /** Takes a thing away without an action. */
  readonly remove: (kind: Kind, id: string, account?: string) => void;
  /** Moves the time of the API and of the clients. */
  readonly later: (millis: number) => void;
  /** A thing as it is kept. */
  readonly get: <K extends Kind>(kind: K, id: string, account?: string) => Items[K] | undefined;
  /** What the API holds to be so now, all kinds of an account. */
  readonly current: (account: string) => Readonly<Record<string, readonly Item[]>>;
  readonly close: () => Promise<void>;
};

/** The access key ids, by who it is. */
export const KEY_IDS = { operate: 'AKIAOPERATE000000000', read: 'AKIAREAD000000000000', other: 'AKIAOTHER00000000000' };

/** Opens it. */
export async function pretendEc2(options: Partial<Ec2Options> = {}): Promise<Pretended> {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-ec2-'));
  const path = join(directory, 'state.sqlite');
  const state = openState(path, true);
  const clock = { now: new Date() };
  const keys = openKeys(state);
  const add = (id: string, account: string, role: Role): void =>
    keys.add({
      id,
      account,
      role,
      host: null,
      secret: SECRET,
      token: null,
      createdMicros: clock.now.getTime() * 1000,
      expiresMicros: null,
      usedMicros: null,
      revokedMicros: null,
    });
  add(KEY_IDS.operate, ACCOUNT, 'operate');
  add(KEY_IDS.read, ACCOUNT, 'read');
  add(KEY_IDS.other, OTHER_ACCOUNT, 'operate');
  const destination: Pretended['destination'] = { problem: null, errors: new Map() };
  const facts = openCurrentFacts(state);
  const ec2 = createEc2({
    state,
    facts,
    now: () => clock.now,
    failed: (error) => console.error(error),
    surroundings: {
      checkDestination: () => Promise.resolve(destination.problem),
      deliveryError: (id) => destination.errors.get(id) ?? null,
      flowLogsPerResource: 250,
    },
    ...options,
  });
  const { server, port } = await listen(ec2);
  const endpoint = `http://127.0.0.1:${port}`;
  const clients: EC2Client[] = [];
  /** By another connection, as another process would: the API sees it before its next call. */
  const change = (account: string, region: string, work: (scope: Scope) => void): void => {
    const other = openState(path, false);
    const others = openCurrentFacts(other);
    others.change(
      clock.now.getTime() * 1000,
      () => work(others.scope(account, region)),
      () => {},
    );
    other.close();
  };
  return {
    ec2,
    endpoint,
    clock,
    destination,
    path,
    client(who = 'operate', region = REGION) {
      const credentials = { accessKeyId: KEY_IDS[who], secretAccessKey: SECRET };
      const client = new EC2Client({ endpoint, region, credentials, maxAttempts: 1 });
      // It signs with the time of the API; what it learns of the time from answers is the machine's.
      const offset = { get: () => clock.now.getTime() - Date.now(), set() {} };
      Object.defineProperty(client.config, 'systemClockOffset', offset);
      clients.push(client);
      return client;
    },
    async presign(form) {
      const credentials = { accessKeyId: KEY_IDS.operate, secretAccessKey: SECRET };
      const signer = new SignatureV4({ credentials, service: 'ec2', region: REGION, sha256: Sha256 });
      const headers = { host: 'here' };
      const query = Object.fromEntries(new URLSearchParams(form));
      const parts = { method: 'GET', protocol: 'http:', hostname: 'here', path: '/', query, headers };
      const signed = await signer.presign(parts, { signingDate: clock.now, expiresIn: 60 });
      const pairs = Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
      return { method: 'GET', url: `/?${new URLSearchParams(pairs).toString()}`, headers, body: Buffer.alloc(0) };
    },
    async send(form, { who = 'operate', service = 'ec2', region = REGION } = {}) {
      const credentials = { accessKeyId: KEY_IDS[who], secretAccessKey: SECRET };
      const signer = new SignatureV4({ credentials, service, region, sha256: Sha256 });
      const parts = { method: 'POST', protocol: 'http:', hostname: 'here', path: '/', query: {} };
      const { headers } = await signer.sign(
        { ...parts, headers: { host: 'here' }, body: form },
        { signingDate: clock.now },
      );
      return ec2.answer({ method: 'POST', url: '/', headers, body: Buffer.from(form) });
    },
    later(millis) {
      clock.now = new Date(clock.now.getTime() + millis);
    },
    get(kind, id, account = ACCOUNT) {
      const other = openState(path, false);
      const item = openCurrentFacts(other).scope(account, REGION).get(kind, id);
      other.close();
      return item;
    },
    put(kind, items, account = ACCOUNT, region = REGION) {
      change(account, region, (scope) => items.forEach((item) => scope.put(kind, idOf(kind, item), item)));
    },
    remove(kind, id, account = ACCOUNT) {
      change(account, REGION, (scope) => scope.remove(kind, id));
    },
    current(account) {
      facts.refresh();
      const scope = facts.scope(account, REGION);
      return Object.fromEntries(Object.keys(KIND_WORDS).map((kind) => [kind, scope.list(kind)]));
    },
    async close() {
      for (const client of clients) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      state.close();
      rmSync(directory, { recursive: true });
    },
  };
}
