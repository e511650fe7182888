/**
 * The assignment of an agent on disk, so that it starts and runs without the server.
 *
 * In:    an assignment as it was answered. Out: the same at the next start.
 * Holds: it is written aside, synced and renamed: a process that is killed leaves the one before or this one. Its user's alone.
 * Fails: FG_AGENT_KEPT where it cannot be read; those of a file where it cannot be written.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostAssignment } from '../../api/agents.ts';
import { failureFrom } from '../../model/errors.ts';
import { codeOf, fileFailure } from '../../storage/object/file-errors.ts';

const FILE = 'assignment.json';

/** The assignment that was kept in a directory; null where none was. */
export function readKept(directory: string): HostAssignment | null {
  const path = join(directory, FILE);
  try {
    const assignment = readAssignment(JSON.parse(readFileSync(path, 'utf8')));
    if (assignment === null) throw new Error('it has another form');
    return assignment;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw failureFrom(error, 'FG_AGENT_KEPT', path, error instanceof Error ? error.message : String(error));
  }
}

/** Keeps one. */
export function keepAssignment(directory: string, assignment: HostAssignment): void {
  const path = join(directory, FILE);
  try {
    rmSync(`${path}.new`, { force: true });
    writeFileSync(`${path}.new`, JSON.stringify(assignment), { mode: 0o600, flag: 'wx', flush: true });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (json: unknown): json is Json => typeof json === 'object' && json !== null && !Array.isArray(json);
const isListOf = (json: unknown, check: (one: Json) => boolean): boolean =>
  Array.isArray(json) && json.every((one) => isObject(one) && check(one));
const hasTexts = (json: Json, ...names: readonly string[]): boolean =>
  names.every((name) => typeof json[name] === 'string');

/** An assignment from parsed JSON; null where it is none. What is in the model is looked at when it is compiled. */
export function readAssignment(json: unknown): HostAssignment | null {
  if (!isObject(json) || json['format'] !== 1) return null;
  const { network } = json;
  const isWhole =
    hasTexts(json, 'version', 'host') &&
    typeof json['sinceMicros'] === 'number' &&
    isListOf(json['devices'], (one) => hasTexts(one, 'device', 'interfaceId')) &&
    isObject(network) &&
    hasTexts(network, 'ownVpcId') &&
    isObject(network['model']) &&
    Object.values(network['model']).every(Array.isArray) &&
    isListOf(
      network['flowLogs'],
      (stage) =>
        typeof stage['fromMicros'] === 'number' &&
        isListOf(stage['held'], (one) => hasTexts(one, 'account', 'region') && isObject(one['item'])),
    );
  return isWhole ? (json as HostAssignment) : null;
}
