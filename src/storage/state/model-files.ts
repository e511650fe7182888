/**
 * Reads the files of a model: one JSON file, or a folder of them.
 *
 * In:    a path. Out: the snapshot; or the parts, JSON with the name of its file, in the order of names; gzip is
 *        opened, and UTF-16 as some shells write it into a file.
 * Holds: a packed file gives at most 512 MiB. Items of long lists are parsed when they are read: that a file is no
 *        JSON may be found then.
 * Fails: FG_MODEL_NOTHING where no member is one of a model; a file that is missing, is no JSON, or a folder without JSON files: named, with the place.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { failure, failureFrom } from '../../model/errors.ts';
import { cutJson } from '../../network/vpc/cut-json.ts';
import { compileSnapshot, LONG_LISTS, readModel } from '../../network/vpc/model.ts';
import type { Model } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';

/** The longest text that there can be. */
const UNPACKED_BYTES = 512 * 1024 * 1024;

export type ModelPart = { readonly name: string; readonly json: unknown };

/** The snapshot of the model at a path. */
export async function readSnapshot(path: string): Promise<VpcSnapshot> {
  return compileSnapshot(await readModelAt(path), { version: 1, atMicros: 0 });
}

/** The facts of the model at a path. */
export async function readModelAt(path: string): Promise<Model> {
  const parts = await readModelFiles(path);
  const model = readModel(parts);
  const members = new Set(parts.flatMap(({ json }) => Object.keys(json ?? {})));
  if (members.size > 0 && model.notUnderstood.length === members.size)
    throw failure('FG_MODEL_NOTHING', path, [...members]);
  return model;
}

/** All parts of the model at a path. */
export async function readModelFiles(path: string): Promise<ModelPart[]> {
  let names: string[];
  try {
    names = (await stat(path)).isDirectory()
      ? (await readdir(path)).filter((name) => /\.json(\.gz)?$/.test(name)).sort()
      : [''];
  } catch (error) {
    throw failureFrom(error, 'FG_MODEL_UNREADABLE', path, reason(error));
  }
  if (names.length === 0) throw failure('FG_MODEL_EMPTY', path);
  return Promise.all(names.map((name) => readModelFile(name === '' ? path : join(path, name), LONG_LISTS)));
}

/**
 * One file of a model.
 *
 * @param lists  members whose items are parsed when they are asked for
 */
export async function readModelFile(path: string, lists: ReadonlySet<string>): Promise<ModelPart> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES });
  } catch (error) {
    throw failureFrom(error, 'FG_MODEL_UNREADABLE', path, reason(error));
  }
  return { name: path, json: cutJson(path, inUtf8(bytes), lists) };
}

/** The bytes of a text, which may be in UTF-16 with a mark before it. */
function inUtf8(bytes: Uint8Array): Uint8Array {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return isWide ? new TextEncoder().encode(new TextDecoder('utf-16le').decode(bytes)) : bytes;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
