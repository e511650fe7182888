/**
 * Keys of the control API: made, listed, revoked.
 *
 * In:    a state file; an account, a role, for how long. Out: a key with its secret, which is told this once.
 * Holds: each is one transaction with an audit row, in which no secret stands. The first key of a data directory may
 *        operate, and lies in a file that AWS's tools read, its owner's alone; the file is there before the key counts.
 * Fails: FG_KEY_ACCOUNT, FG_KEY_HOST, FG_HOST_NAME, FG_KEY_UNKNOWN, FG_ACCOUNT_IMPORTED; FG_STATE_*; those of a file.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { failure } from '../model/errors.ts';
import { fileFailure } from '../storage/object/file-errors.ts';
import { openAudit } from '../storage/state/audit.ts';
import { openKeys } from '../storage/state/keys.ts';
import type { AccessKey, Role } from '../storage/state/keys.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { isHostName } from './host-name.ts';

/** The account of a host that was told none. */
export const HOST_ACCOUNT = '000000000000';

/** A key that is wanted. */
export type WantedKey = {
  readonly account: string;
  readonly role: Role;
  /** The host of an agent; for this role alone, and not without it. */
  readonly host?: string | undefined;
  /** A temporary key, with a session token; null one that stays. */
  readonly forSeconds: number | null;
};

const BASE_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ACCOUNT = /^\d{12}$/;

/** A new access key id, as long as AWS's: what is temporary begins with ASIA. */
function newId(isTemporary: boolean): string {
  const letters = Array.from(randomBytes(16), (byte) => BASE_32.charAt(byte % 32));
  return (isTemporary ? 'ASIA' : 'AKIA') + letters.join('');
}

/** Makes a key. */
export function addKey(state: StateFile, wanted: WantedKey, now: Date): AccessKey {
  return insertKey(state, newKey(wanted, now));
}

function newKey({ account, role, host, forSeconds }: WantedKey, now: Date): AccessKey {
  if (!ACCOUNT.test(account)) throw failure('FG_KEY_ACCOUNT', account);
  if ((role === 'agent') !== (host !== undefined)) throw failure('FG_KEY_HOST');
  if (host !== undefined && !isHostName(host)) throw failure('FG_HOST_NAME', host);
  const createdMicros = now.getTime() * 1000;
  return {
    id: newId(forSeconds !== null),
    account,
    role,
    host: host ?? null,
    // 40 characters, as AWS's are.
    secret: randomBytes(30).toString('base64'),
    token: forSeconds === null ? null : randomBytes(120).toString('base64'),
    createdMicros,
    expiresMicros: forSeconds === null ? null : createdMicros + forSeconds * 1_000_000,
    usedMicros: null,
    revokedMicros: null,
  };
}

function insertKey(state: StateFile, key: AccessKey): AccessKey {
  state.transaction(() => {
    openKeys(state).add(key);
    record(
      state,
      key.account,
      'AddKey',
      { id: key.id, role: key.role, ...(key.host === null ? {} : { host: key.host }) },
      key.createdMicros,
    );
  });
  return key;
}

function record(state: StateFile, account: string, action: string, parameters: object, atMicros: number): void {
  openAudit(state).add({
    atMicros,
    account,
    region: '',
    principal: 'flowgauge keys',
    action,
    requestId: randomUUID(),
    parameters,
    changes: [],
  });
}

/**
 * Makes the first key of a data directory, and the file in which AWS's tools find it.
 *
 * @param region       what they ask where nobody tells them
 * @param credentials  path of that file
 * @returns null where there are keys already
 */
export function addFirstKey(
  state: StateFile,
  wanted: WantedKey,
  region: string,
  credentials: string,
  now: Date,
): AccessKey | null {
  return state.transaction(() => {
    if (openKeys(state).list().length > 0) return null;
    const key = newKey(wanted, now);
    writeOwn(credentials, `${credentialsText('default', key)}region = ${region}\n`);
    return insertKey(state, key);
  });
}

/** Written aside and renamed: whoever finds the file finds all of it, and nobody else could read it meanwhile. */
function writeOwn(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    rmSync(aside, { force: true });
    writeFileSync(aside, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(aside, path);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** A profile of AWS's shared credentials file. */
export function credentialsText(profile: string, { id, secret, token }: AccessKey): string {
  const lines = [`[${profile}]`, `aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`];
  if (token !== null) lines.push(`aws_session_token = ${token}`);
  return `${lines.join('\n')}\n`;
}

/** Takes a key's right away; requests that come after are refused. */
export function revokeKey(state: StateFile, id: string, now: Date): AccessKey {
  return state.transaction(() => {
    const keys = openKeys(state);
    const key = keys.find(id);
    if (key === null || !keys.revoke(id, now.getTime() * 1000)) throw failure('FG_KEY_UNKNOWN', id);
    record(state, key.account, 'RevokeKey', { id }, now.getTime() * 1000);
    return key;
  });
}
