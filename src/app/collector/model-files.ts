/**
 * Reads the files of a model: one JSON file, or a folder of them.
 *
 * In:    a path. Out: parsed JSON with the name of its file, in the order of names; gzip is opened, and UTF-16 as some
 *        shells write it into a file.
 * Holds: a packed file gives at most 512 MiB.
 * Fails: a file that is missing, is no JSON, or a folder without JSON files: named, with the place.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { failure, failureFrom } from '../../model/errors.ts';

/** The longest text that there can be. */
const UNPACKED_BYTES = 512 * 1024 * 1024;

export type ModelPart = { readonly name: string; readonly json: unknown };

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
  return Promise.all(names.map((name) => readPart(name === '' ? path : join(path, name))));
}

async function readPart(path: string): Promise<ModelPart> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES });
  } catch (error) {
    throw failureFrom(error, 'FG_MODEL_UNREADABLE', path, reason(error));
  }
  try {
    return { name: path, json: JSON.parse(textOf(bytes)) as unknown };
  } catch (error) {
    throw failureFrom(error, 'FG_MODEL_NOT_JSON', path, reason(error));
  }
}

/** The text of a file, without the mark that may stand before it. */
function textOf(bytes: Uint8Array): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
