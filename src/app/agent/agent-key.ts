/**
 * The key with which an agent signs.
 *
 * In:    a file as `flowgauge keys add` prints it, or `FLOWGAUGE_AGENT_KEY`. Out: the key.
 * Holds: a file that others than its owner may read or write is refused unread. The variable is taken out of the environment, so
 *        that no child has it.
 * Fails: FG_AGENT_KEY_MISSING, FG_AGENT_KEY_OPEN, FG_AGENT_KEY_SHAPE; those of a file.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Keys } from '../../storage/object/sign-request.ts';
import { failure } from '../../model/errors.ts';
import { codeOf, fileFailure } from '../../storage/object/file-errors.ts';

const VARIABLE = 'FLOWGAUGE_AGENT_KEY';
const ID = /^A[KS]IA[A-Z2-7]{16}$/u;

/** Where a key comes from; `read` reads it as it is now. */
export type KeySource = { read(): Keys };

/**
 * The key of the environment, else that of a file.
 *
 * @param named  the file that the command line names: stronger than the environment
 * @param file   the file where nothing else is named
 */
export function keySource(
  named: string | undefined,
  file: string,
  environment: Record<string, string | undefined>,
): KeySource {
  const text = environment[VARIABLE];
  // Not with `delete` alone of a copy: children are given what stands in `process.env`.
  delete environment[VARIABLE];
  if (named === undefined && text) {
    const key = keyOf(...(text.split(':') as [string, string?, string?]));
    if (key === null) throw failure('FG_AGENT_KEY_SHAPE', VARIABLE);
    return { read: () => key };
  }
  const path = named ?? (environment['FLOWGAUGE_AGENT_KEY_FILE'] || file);
  return { read: () => readKeyFile(path) };
}

/** Reads a file with one key, in AWS's credentials format. */
export function readKeyFile(path: string): Keys {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw failure('FG_AGENT_KEY_MISSING', path);
    throw fileFailure(error, path);
  }
  try {
    const mode = fstatSync(fd).mode & 0o777;
    if ((mode & 0o077) !== 0) throw failure('FG_AGENT_KEY_OPEN', path, mode.toString(8));
    const values = new Map(
      readFileSync(fd, 'utf8')
        .split('\n')
        .map((line) => [
          line.slice(0, Math.max(0, line.indexOf('='))).trim(),
          line.slice(line.indexOf('=') + 1).trim(),
        ]),
    );
    const key = keyOf(
      values.get('aws_access_key_id') ?? '',
      values.get('aws_secret_access_key'),
      values.get('aws_session_token'),
    );
    if (key === null) throw failure('FG_AGENT_KEY_SHAPE', `the file "${path}"`);
    return key;
  } finally {
    closeSync(fd);
  }
}

function keyOf(id: string, secret: string | undefined, token?: string): Keys | null {
  if (!ID.test(id) || !secret) return null;
  return { accessKeyId: id, secretAccessKey: secret, ...(token === undefined ? {} : { sessionToken: token }) };
}
