/**
 * Files of answers → answers as `recordAnswers` takes them.
 *
 * In:    files and folders, their sub-folders too. Out: answers by kind, account and region, and what was no answer.
 * Holds: account and region are those that a folder or file is named after (`123456789012/eu-west-1/vpcs.json`), else
 *        those of most of what is described beside it. An answer holds for the time that was given, else for that of the
 *        newest file of its account and region. One that says there is more (`NextToken`), without a file that has the
 *        rest, is not whole.
 * Fails: FG_MODEL_* where a file is no JSON or not what AWS describes; FG_IMPORT_*.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { failure, failureFrom } from '../../model/errors.ts';
import { KINDS, SINGLE_KIND } from '../../network/vpc/kinds.ts';
import { readModel } from '../../network/vpc/model.ts';
import { readModelFile } from '../../storage/state/model-files.ts';
import type { Answer } from '../../storage/state/record-answers.ts';
import { itemsOf } from './items.ts';
import { placeIn, placeOf } from './place.ts';
import type { Place } from './place.ts';

/** What files gave. */
export type ReadAnswers = {
  readonly answers: readonly Answer[];
  readonly files: number;
  /** Members of answers, with their files, that are no part of a model. */
  readonly strange: readonly string[];
};

type Json = Readonly<Record<string, unknown>>;
type Part = { readonly name: string; readonly json: Json; readonly millis: number };

/** Members that come with answers and describe nothing. */
const BESIDE = new Set(['NextToken', 'nextToken', 'failures', 'ResponseMetadata', '$metadata']);
const NOTHING_LATER: ReadonlySet<string> = new Set();

/**
 * Reads files and folders.
 *
 * @param atMicros  the time for which all answers hold; null for that of the files
 * @param whole     false where the answers are of some things only, as those to `--filters` are
 */
export async function readAnswers(
  paths: readonly string[],
  atMicros: number | null,
  whole: boolean,
): Promise<ReadAnswers> {
  const beside = new Map<string, { readonly named: Partial<Place>; readonly parts: Part[] }>();
  const strange: string[] = [];
  let files = 0;
  for (const root of paths)
    for (const path of await filesIn(root)) {
      const part = await readPart(path);
      const unknown = Object.keys(part.json).filter((key) => !BESIDE.has(key) && kindOf(key, part) === null);
      strange.push(...unknown.map((key) => `${key} of ${path}`));
      if (!Object.keys(part.json).some((key) => kindOf(key, part) !== null)) continue;
      files++;
      const named = placeIn(join(basename(root), relative(root, path)));
      const key = JSON.stringify([named, named.account && named.region ? null : dirname(path)]);
      const group = beside.get(key) ?? { named, parts: [] };
      group.parts.push(part);
      beside.set(key, group);
    }
  if (files === 0) throw failure('FG_IMPORT_EMPTY', paths.join(', '));
  const places = new Map<string, { readonly place: Place; readonly parts: Part[] }>();
  for (const { named, parts } of beside.values()) {
    const contents = parts.map(({ json }) => json);
    const place = placeOf(contents, named);
    const key = `${place.account} ${place.region}`;
    const known = places.get(key) ?? { place, parts: [] };
    known.parts.push(...parts);
    places.set(key, known);
  }
  const answers = [...places.values()].flatMap(({ place, parts }) => {
    // It refuses what is not as AWS describes things, and what is described twice.
    readModel(parts);
    const at = atMicros ?? Math.max(...parts.map(({ millis }) => Math.floor(millis * 1000)));
    return answersOf(parts, place, at, whole);
  });
  return { answers, files, strange };
}

async function filesIn(root: string): Promise<string[]> {
  try {
    if (!(await stat(root)).isDirectory()) return [root];
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failureFrom(error, 'FG_IMPORT_SOURCE', `${root} cannot be read: ${reason}`);
  }
}

async function readPart(path: string): Promise<Part> {
  const { name, json } = await readModelFile(path, NOTHING_LATER);
  // Refuses what is no object.
  readModel([{ name, json }]);
  return { name, json: json as Json, millis: (await stat(path)).mtimeMs };
}

/** The prefix list whose entries a file has: the answer does not name it, so the file must. */
function listOf({ name }: Part): string | null {
  return /(?<![0-9A-Za-z])pl-[0-9a-f]+/.exec(basename(name))?.[0] ?? null;
}

/** The kind that a member of an answer is of; null for none. Entries belong to the list their file is named after. */
function kindOf(key: string, part: Part): string | null {
  if (key === 'Reservations') return 'Instances';
  if (key === 'tasks') return 'EcsTasks';
  if (key === 'Entries') return listOf(part) === null ? null : 'ManagedPrefixLists';
  return KINDS.has(key) ? key : null;
}

/** The items of a member; what is null or empty has none, as in a model. */
function listIn({ name }: Part, key: string, value: unknown): readonly unknown[] {
  if (value === null || value === '') return [];
  if (key === SINGLE_KIND) return Array.isArray(value) ? value : [value];
  if (!Array.isArray(value)) throw failure('FG_MODEL_VALUE', name, key, JSON.stringify(value).slice(0, 80), 'a list');
  return value;
}

/** `describe-managed-prefix-lists` answers with the member of `describe-prefix-lists`. */
const isManaged = (item: unknown): boolean => (item as Json)['PrefixListArn'] !== undefined;

function answersOf(parts: readonly Part[], place: Place, atMicros: number, whole: boolean): Answer[] {
  const found = new Map<string, { readonly items: Answer['items'][number][]; ends: boolean }>();
  const entries = new Map<string, unknown[]>();
  const add = (kind: string, part: Part, key: string, items: readonly unknown[], ends: boolean): void => {
    const known = found.get(kind) ?? { items: [], ends: false };
    known.items.push(...itemsOf(kind, items, `${part.name}: ${key}`));
    known.ends ||= ends;
    found.set(kind, known);
  };
  for (const part of parts) {
    const ends = (part.json['NextToken'] ?? part.json['nextToken'] ?? '') === '';
    for (const [key, value] of Object.entries(part.json)) {
      const kind = kindOf(key, part);
      if (kind === null) continue;
      const list = listIn(part, key, value);
      if (key === 'Entries') {
        const id = listOf(part)!;
        entries.set(id, [...(entries.get(id) ?? []), ...list]);
      } else if (key === 'Reservations')
        add(
          kind,
          part,
          key,
          list.flatMap((one) => ((one as Json)['Instances'] ?? []) as unknown[]),
          ends,
        );
      else if (key === 'PrefixLists') {
        const byManager = Map.groupBy(list, isManaged);
        for (const [managed, items] of byManager) add(managed ? 'ManagedPrefixLists' : kind, part, key, items, ends);
      } else add(kind, part, key, list, ends);
    }
  }
  const withEntries = ({ id, content }: Answer['items'][number]): Answer['items'][number] =>
    entries.has(id) ? { id, content: { ...(content as Json), Entries: entries.get(id) } } : { id, content };
  return [...found].map(([kind, { items, ends }]) => ({
    kind,
    ...place,
    atMicros,
    whole: whole && ends,
    items: kind === 'ManagedPrefixLists' ? items.map(withEntries) : items,
  }));
}
