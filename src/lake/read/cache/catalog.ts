/**
 * What lies in the cache: packs, the objects in them, listings of buckets.
 *
 * In:    names, ETags, sizes. Out: rows of a SQLite file that processes share.
 * Holds: what is there was complete before it was written down, each time in one transaction. Numbers of objects are
 *        given once and never again. A file that is damaged or of another form is begun anew.
 * Fails: with SQLite's errors, as of a full disk.
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import type { DatabaseSync as Database } from 'node:sqlite';

/** A Parquet file of the cache. */
export type PackRow = {
  readonly id: number;
  /** Of the file below `packs/`. */
  readonly name: string;
  readonly bytes: number;
  readonly crc: number;
  /** All rows that are in it, those of objects that nobody asks for any more too. */
  readonly rows: number;
  /** What the file looked like when its checksum was last found right, and when that was. */
  readonly verified: string;
  readonly verifiedMillis: number;
};

export type NewPack = Omit<PackRow, 'id' | 'verified' | 'verifiedMillis'>;

/** An object as it was read. */
export type ObjectRow = {
  readonly id: number;
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly kind: string;
  readonly rows: number;
  /** Header line of its format; null for an object without a line, and for Parquet. */
  readonly header: string | null;
  readonly headerless: boolean;
  /** JSON of its notes. */
  readonly notes: string;
};

export type CacheTotals = {
  readonly packs: number;
  readonly objects: number;
  readonly listings: number;
  readonly bytes: number;
  readonly rows: number;
  readonly hits: number;
  readonly oldestMillis: number | null;
};

export interface Catalog {
  /** The object as this reader would read it, with its pack; null where it is not known, or was another one then. */
  find(
    key: string,
    etag: string,
    sizeBytes: number,
    kind: string,
  ): { readonly object: ObjectRow; readonly pack: PackRow | null } | null;
  /** The first of so many numbers for objects. */
  reserve(count: number): number;
  /**
   * Writes down a pack and its objects. An object that somebody else wrote down meanwhile stays as it is.
   *
   * @param pack  null: the objects have no rows
   * @return      how many objects are new; 0: the pack was not written down
   */
  add(pack: NewPack | null, objects: readonly ObjectRow[]): number;
  /** Numbers of the objects that packs have. */
  objectsOf(packs: readonly number[]): number[];
  /**
   * Writes down a pack that has all objects of others, and forgets the others.
   *
   * @return  names of the others; none where they are not as they were, and nothing was written down
   */
  replace(packs: readonly number[], by: NewPack): string[];
  /** Forgets a pack and what is in it. */
  drop(id: number): void;
  isKnown(name: string): boolean;
  used(id: number, verified: string | null): void;
  /** The packs, the one longest not used first. */
  packs(): PackRow[];
  /** Packs in which no object is left. */
  dead(): PackRow[];
  totals(): CacheTotals;
  listing(prefix: string, recursive: boolean): { readonly listedMillis: number; readonly body: Uint8Array } | null;
  rememberListing(prefix: string, recursive: boolean, body: Uint8Array): void;
  /** Forgets what was listed of the folders that an object lies in. */
  forgetListings(key: string): void;
  clear(): void;
  close(): void;
}

/** Another number: what an older program wrote is not read. */
const SCHEMA_VERSION = 1;
/** How long a process waits for another one that writes. */
const BUSY_MILLIS = 20_000;

const SCHEMA = `
CREATE TABLE packs (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, crc INTEGER NOT NULL, rows INTEGER NOT NULL,
  used INTEGER NOT NULL, hits INTEGER NOT NULL DEFAULT 0,
  verified TEXT NOT NULL DEFAULT '', verified_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE objects (
  id INTEGER PRIMARY KEY, place TEXT NOT NULL, key TEXT NOT NULL, reader TEXT NOT NULL, kind TEXT NOT NULL,
  etag TEXT NOT NULL, size INTEGER NOT NULL, pack INTEGER REFERENCES packs(id) ON DELETE CASCADE, rows INTEGER NOT NULL,
  header TEXT, headerless INTEGER NOT NULL, notes TEXT NOT NULL, UNIQUE (place, key, reader)) STRICT;
CREATE INDEX objects_by_pack ON objects (pack);
CREATE TABLE listings (
  place TEXT NOT NULL, prefix TEXT NOT NULL, recursive INTEGER NOT NULL, listed INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (place, prefix, recursive)) STRICT;
CREATE TABLE numbers (name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO numbers VALUES ('object', 1);
PRAGMA user_version = ${SCHEMA_VERSION};
`;

type Columns = Readonly<Record<string, unknown>>;

/**
 * Opens the catalog.
 *
 * @param place   which server and bucket is meant
 * @param reader  who reads: another way to read gives other rows
 */
export async function openCatalog(path: string, place: string, reader: string): Promise<Catalog> {
  const { DatabaseSync } = await import('node:sqlite');
  const open = (): Database => {
    // SQLite's other files get the rights of this one.
    closeSync(openSync(path, 'a', 0o600));
    const db = new DatabaseSync(path, { timeout: BUSY_MILLIS });
    try {
      prepare(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
  let db: Database;
  try {
    db = open();
  } catch (error) {
    if (!isDamaged(error)) throw error;
    // Packs that nobody knows any more are removed as such.
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    db = open();
  }
  return catalogOf(db, place, reader);
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, or a form that is not ours. */
function isDamaged(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 255 : 0;
  return code === 11 || code === 26 || error instanceof OtherForm;
}

class OtherForm extends Error {}

function prepare(db: Database): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  if (versionOf(db) === SCHEMA_VERSION) return;
  inTransaction(db, () => {
    const version = versionOf(db);
    if (version === 0) db.exec(SCHEMA);
    else if (version !== SCHEMA_VERSION) throw new OtherForm(`version ${version}`);
  });
}

function versionOf(db: Database): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function inTransaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function packOf(row: Columns): PackRow {
  return {
    id: Number(row['pack_id']),
    name: String(row['name']),
    bytes: Number(row['bytes']),
    crc: Number(row['crc']),
    rows: Number(row['pack_rows']),
    verified: String(row['verified']),
    verifiedMillis: Number(row['verified_at']),
  };
}

const PACK = 'p.id AS pack_id, p.name, p.bytes, p.crc, p.rows AS pack_rows, p.verified, p.verified_at';

function catalogOf(db: Database, place: string, reader: string): Catalog {
  const findOne = db.prepare(
    `SELECT o.*, ${PACK} FROM objects o LEFT JOIN packs p ON p.id = o.pack
     WHERE o.place = ? AND o.key = ? AND o.reader = ?`,
  );
  const findRow = (key: string): Columns | undefined => findOne.get(place, key, reader);

  function find(key: string, etag: string, sizeBytes: number, kind: string): ReturnType<Catalog['find']> {
    const row = findRow(key);
    if (row === undefined || row['etag'] !== etag || row['size'] !== sizeBytes || row['kind'] !== kind) return null;
    const object: ObjectRow = {
      id: Number(row['id']),
      key,
      etag,
      sizeBytes,
      kind,
      rows: Number(row['rows']),
      header: typeof row['header'] === 'string' ? row['header'] : null,
      headerless: row['headerless'] === 1,
      notes: String(row['notes']),
    };
    return { object, pack: row['pack_id'] === null ? null : packOf(row) };
  }

  function insertPack({ name, bytes, crc, rows }: NewPack): number {
    const insert = db.prepare('INSERT INTO packs (name, bytes, crc, rows, used) VALUES (?, ?, ?, ?, ?)');
    return Number(insert.run(name, bytes, crc, rows, Date.now()).lastInsertRowid);
  }

  const objectsOf = (packs: readonly number[]): number[] =>
    packs.flatMap((id) =>
      db
        .prepare('SELECT id FROM objects WHERE pack = ?')
        .all(id)
        .map((row) => Number(row['id'])),
    );

  function replace(packs: readonly number[], by: NewPack): string[] {
    return inTransaction(db, () => {
      const names: string[] = [];
      let rows = 0;
      for (const id of packs) {
        const row = db
          .prepare(
            'SELECT p.name, sum(o.rows) AS rows FROM packs p JOIN objects o ON o.pack = p.id WHERE p.id = ? GROUP BY p.name',
          )
          .get(id);
        if (row === undefined) return [];
        names.push(String(row['name']));
        rows += Number(row['rows']);
      }
      if (rows !== by.rows) return [];
      const to = insertPack(by);
      for (const id of packs) {
        db.prepare('UPDATE objects SET pack = ? WHERE pack = ?').run(to, id);
        db.prepare('DELETE FROM packs WHERE id = ?').run(id);
      }
      return names;
    });
  }

  function add(pack: Parameters<Catalog['add']>[0], objects: readonly ObjectRow[]): number {
    return inTransaction(db, () => {
      const fresh = objects.filter(({ key, etag, sizeBytes, kind }) => find(key, etag, sizeBytes, kind) === null);
      if (fresh.length === 0) return 0;
      const id = pack === null ? null : insertPack(pack);
      const insert = db.prepare(
        `INSERT OR REPLACE INTO objects (id, place, key, reader, kind, etag, size, pack, rows, header, headerless, notes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      for (const { id: number, key, kind, etag, sizeBytes, rows, header, headerless, notes } of fresh)
        insert.run(number, place, key, reader, kind, etag, sizeBytes, id, rows, header, headerless ? 1 : 0, notes);
      return fresh.length;
    });
  }

  function totals(): CacheTotals {
    const row = db
      .prepare(
        `SELECT count(*) AS packs, coalesce(sum(bytes), 0) AS bytes, coalesce(sum(rows), 0) AS rows,
           coalesce(sum(hits), 0) AS hits, min(used) AS oldest,
           (SELECT count(*) FROM objects) AS objects, (SELECT count(*) FROM listings) AS listings FROM packs`,
      )
      .get() as Columns;
    const number = (name: string): number => Number(row[name]);
    return {
      packs: number('packs'),
      objects: number('objects'),
      listings: number('listings'),
      bytes: number('bytes'),
      rows: number('rows'),
      hits: number('hits'),
      oldestMillis: row['oldest'] === null ? null : number('oldest'),
    };
  }

  const all = (sql: string): PackRow[] => (db.prepare(sql).all() as Columns[]).map(packOf);
  return {
    find,
    reserve(count) {
      const row = db.prepare("UPDATE numbers SET next = next + ? WHERE name = 'object' RETURNING next").get(count);
      return Number(row?.['next']) - count;
    },
    add,
    objectsOf,
    replace,
    drop(id) {
      db.prepare('DELETE FROM packs WHERE id = ?').run(id);
    },
    isKnown: (name) => db.prepare('SELECT 1 FROM packs WHERE name = ?').get(name) !== undefined,
    used(id, verified) {
      if (verified === null) db.prepare('UPDATE packs SET used = ?, hits = hits + 1 WHERE id = ?').run(Date.now(), id);
      else
        db.prepare('UPDATE packs SET used = ?, hits = hits + 1, verified = ?, verified_at = ? WHERE id = ?').run(
          Date.now(),
          verified,
          Date.now(),
          id,
        );
    },
    packs: () => all(`SELECT ${PACK} FROM packs p ORDER BY p.used, p.id`),
    dead: () => all(`SELECT ${PACK} FROM packs p WHERE NOT EXISTS (SELECT 1 FROM objects o WHERE o.pack = p.id)`),
    totals,
    listing(prefix, recursive) {
      const row = db
        .prepare('SELECT listed, body FROM listings WHERE place = ? AND prefix = ? AND recursive = ?')
        .get(place, prefix, recursive ? 1 : 0);
      return row === undefined ? null : { listedMillis: Number(row['listed']), body: row['body'] as Uint8Array };
    },
    rememberListing(prefix, recursive, body) {
      db.prepare('INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?, ?)').run(
        place,
        prefix,
        recursive ? 1 : 0,
        Date.now(),
        body,
      );
    },
    forgetListings(key) {
      db.prepare('DELETE FROM listings WHERE place = ? AND substr(?, 1, length(prefix)) = prefix').run(place, key);
    },
    clear() {
      inTransaction(db, () => db.exec('DELETE FROM objects; DELETE FROM packs; DELETE FROM listings'));
    },
    close: () => db.close(),
  };
}
