/**
 * The facts that hold now, in memory: what the control API reads, and the only way in which it writes.
 *
 * In:    a state file. Out: things by kind, account and region, by id or by a member; changes of them.
 * Holds: it is read once and follows each change of its own; what another process has written meanwhile is read anew
 *        before the next reading or change. Of a change facts, audit row and whatever else belongs to it are on disk
 *        (`synchronous = FULL`: synced) before it is acknowledged, or nothing is. A fact that is changed or ends keeps
 *        its row for the time before: `diagnose --at` reads it. Of an account that is kept here it is known that
 *        there was nothing before its first change. Items are frozen.
 * Fails: FG_STATE_*, FG_DISK_FULL.
 */
import { hash as digest } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { failure } from '../../model/errors.ts';
import { beginOf, KINDS } from '../../network/vpc/kinds.ts';
import { FOREVER } from './migrations.ts';
import type { StateFile } from './state-file.ts';
import { indexOf, orderOf, set } from './tables-of-facts.ts';
import type { Fact, Place, Table } from './tables-of-facts.ts';

/** A thing as `describe` answers have it. */
export type Item = Readonly<Record<string, unknown>>;

/** What became of a thing by a change. */
export type Changed = {
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly id: string;
  readonly became: 'created' | 'changed' | 'removed';
};

/** Things of one account and region. */
export type Scope = {
  get(kind: string, id: string): Item | undefined;
  /** Ascending by id. */
  list(kind: string): readonly Item[];
  /**
   * Those whose member has that value.
   *
   * @param member  may be one of a structure: `Attachment.InstanceId`
   */
  where(kind: string, member: string, value: string): readonly Item[];
  /** How many those are. */
  count(kind: string, member: string, value: string): number;
  /** What a thing was when it ended last; undefined where it never did. */
  ended(kind: string, id: string): Item | undefined;
  /**
   * Within `change` only.
   *
   * @param fromMicros  since when the item is so, a time to come; not given: now. Until then what was before holds, and
   *                    is not read here any more
   */
  put(kind: string, id: string, item: Item, fromMicros?: number): void;
  /** @param toMicros  until when it is there, a time to come; not given: now */
  remove(kind: string, id: string, toMicros?: number): void;
};

/** A thing, and of what kind and whose it is. */
export type PlacedItem = {
  readonly kind: string;
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly item: Item;
};

export type CurrentFacts = {
  /** Whether the account's facts are made here; those of others are imported, and only read. */
  isOwn(account: string): boolean;
  scope(account: string, region: string): Scope;
  /** All that holds, of all accounts and regions. */
  all(): Iterable<PlacedItem>;
  /** Another number after each change that is seen here, whoever made it. */
  readonly revision: number;
  /** When the last change was made. */
  readonly lastMicros: number;
  /** Whoever has it. */
  find(
    kind: string,
    id: string,
  ): { readonly account: string; readonly region: string; readonly item: Item } | undefined;
  /** Another number after each change of another process that was seen here. */
  readonly seen: number;
  /** Reads anew what another process has changed. */
  refresh(): void;
  /**
   * One change. `work` puts and removes; where it throws nothing has changed.
   *
   * @param nowMicros  where the clock went back, a moment after the change before is taken
   * @param record     writes what belongs to it, together with it
   */
  change<T>(nowMicros: number, work: () => T, record: Recording<T>): Made<T>;
  /**
   * The same; changes that come together are synced to the disk together. It is in memory at once, and its promise is
   * kept when it is on disk.
   */
  changeSoon<T>(nowMicros: number, work: () => T, record: Recording<T>): Promise<Made<T>>;
  /** When all that is in memory is on disk: nobody is told of anything before. */
  settled(): Promise<void>;
};

/** What a change made, and its time. */
export type Made<T> = { readonly result: T; readonly changes: readonly Changed[]; readonly atMicros: number };
type Recording<T> = (result: T, changes: readonly Changed[], atMicros: number) => void;

type Staged = {
  readonly place: Place;
  readonly kind: string;
  readonly id: string;
  readonly before: Fact | undefined;
  /** The time to come at which it shall be so; 0 is now. */
  atMicros: number;
};

const SQL = {
  read: `SELECT facts.id, kind, account, region, item, content, held_from, json
    FROM facts JOIN contents ON contents.id = content
    WHERE known_to = ${FOREVER} AND held_to = ${FOREVER} ORDER BY facts.id`,
  last: `SELECT max(at) AS at FROM (SELECT max(at) AS at FROM audit UNION ALL SELECT max(recorded) FROM imports
    UNION ALL SELECT max(known_from) FROM facts)`,
  version: 'PRAGMA data_version',
  close: 'UPDATE facts SET known_to = ? WHERE id = ?',
  add: 'INSERT INTO facts (kind, account, region, item, content, held_from, held_to, known_from, known_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  addContent: 'INSERT INTO contents (hash, json, begins) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING',
  findContent: 'SELECT id FROM contents WHERE hash = ?',
  ended: `SELECT json FROM facts JOIN contents ON contents.id = content
    WHERE kind = ? AND account = ? AND region = ? AND item = ? AND known_to = ${FOREVER} AND held_to < ${FOREVER}
    ORDER BY held_to DESC LIMIT 1`,
  own: 'SELECT account FROM own_accounts',
  told: 'SELECT 1 FROM answers WHERE account = ? AND region = ? LIMIT 1',
  addImport: 'INSERT INTO imports (recorded, source) VALUES (?, ?) ON CONFLICT (recorded) DO NOTHING',
  addAnswer: `INSERT INTO answers (import, kind, account, region, at, whole, late)
    SELECT id, ?, ?, ?, 0, 1, 0 FROM imports WHERE recorded = ?`,
};

/** Reads the facts of a state file that hold now. */
export function openCurrentFacts(state: StateFile): CurrentFacts {
  // What was acknowledged survives the machine, not only the process.
  state.database.exec('PRAGMA synchronous = FULL');
  return new Facts(state);
}

/**
 * Turns of the event loop for which a transaction is open while more changes come. Who waits for an answer asks again after it:
 * of eight connections 5 changes came together with one turn, and 7 come with this many.
 */
const MOST_TURNS = 8;

class Facts implements CurrentFacts {
  readonly #state: StateFile;
  readonly #sql: Readonly<Record<keyof typeof SQL, StatementSync>>;
  /** By account and region; a place stays the same when it is read anew. */
  readonly #places = new Map<string, Place>();
  #own = new Set<string>();
  #version = -1;
  revision = 0;
  lastMicros = 0;
  /** What a change in progress has put or removed, and what was there before; null while there is none. */
  #staged: Map<string, Staged> | null = null;
  /** The transaction of changes that came together; null while none is open. */
  #batch: PromiseWithResolvers<void> | null = null;
  /** Changes that were made in that transaction; for those that failed nobody waits. */
  #together = 0;
  /** Accounts and regions of which is known that nothing was there at first. */
  readonly #told = new Set<string>();

  constructor(state: StateFile) {
    this.#state = state;
    this.#sql = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, state.database.prepare(sql)]),
    ) as Record<keyof typeof SQL, StatementSync>;
    this.refresh();
  }

  get seen(): number {
    return this.#version;
  }

  isOwn(account: string): boolean {
    return this.#own.has(account);
  }

  refresh(): void {
    this.#state.reading(() => {
      const version = Number(this.#sql.version.get()?.['data_version']);
      if (version === this.#version) return;
      for (const place of this.#places.values()) place.tables = new Map();
      for (const row of this.#sql.read.iterate()) {
        const fact: Fact = {
          item: frozen(JSON.parse(String(row['json']))),
          row: Number(row['id']),
          from: Number(row['held_from']),
          content: Number(row['content']),
        };
        const place = this.#place(String(row['account']), String(row['region']));
        set(place, String(row['kind']), String(row['item']), fact);
      }
      this.#own = new Set(this.#sql.own.all().map((row) => String(row['account'])));
      this.lastMicros = Number(this.#sql.last.get()?.['at'] ?? 0);
      this.#version = version;
      this.revision++;
    });
  }

  scope(account: string, region: string): Scope {
    const place = this.#place(account, region);
    return {
      get: (kind, id) => place.tables.get(kind)?.facts.get(id)?.item,
      list: (kind) => {
        const table = place.tables.get(kind);
        return table === undefined ? [] : (table.list ??= orderOf(table).map((id) => table.facts.get(id)!.item));
      },
      where: (kind, member, value) => {
        const table = place.tables.get(kind);
        if (table === undefined) return [];
        return Array.from(indexOf(table, member).get(value) ?? [], (id) => table.facts.get(id)!.item);
      },
      count: (kind, member, value) => {
        const table = place.tables.get(kind);
        return table === undefined ? 0 : (indexOf(table, member).get(value)?.size ?? 0);
      },
      ended: (kind, id) => {
        const row = this.#state.reading(() => this.#sql.ended.get(kind, account, region, id));
        return row === undefined ? undefined : frozen(JSON.parse(String(row['json'])));
      },
      put: (kind, id, item, fromMicros = 0) => this.#stage(place, kind, id, item, fromMicros),
      remove: (kind, id, toMicros = 0) => this.#stage(place, kind, id, null, toMicros),
    };
  }

  *all(): Generator<PlacedItem> {
    for (const { account, region, tables } of this.#places.values())
      for (const [kind, { facts }] of tables)
        for (const [id, { item }] of facts) yield { kind, account, region, id, item };
  }

  find(kind: string, id: string): ReturnType<CurrentFacts['find']> {
    for (const { account, region, tables } of this.#places.values()) {
      const item = tables.get(kind)?.facts.get(id)?.item;
      if (item !== undefined) return { account, region, item };
    }
    return undefined;
  }

  change<T>(nowMicros: number, work: () => T, record: Recording<T>): Made<T> {
    const made = this.#apply(nowMicros, work, record);
    this.#commit();
    return made;
  }

  async changeSoon<T>(nowMicros: number, work: () => T, record: Recording<T>): Promise<Made<T>> {
    const { promise } = (this.#batch ??= this.#begin());
    const made = this.#apply(nowMicros, work, record);
    this.#together++;
    await promise;
    return made;
  }

  settled(): Promise<void> {
    return this.#batch?.promise ?? Promise.resolve();
  }

  /** Begins a transaction that ends with the first turn of the event loop in which no change came, or after a few. */
  #begin(): PromiseWithResolvers<void> {
    this.#state.reading(() => this.#state.database.exec('BEGIN IMMEDIATE'));
    const batch = Promise.withResolvers<void>();
    // Who waits for it hears of an error; where all changes failed nobody waits.
    batch.promise.catch(() => {});
    let before = 0;
    let turns = 0;
    const look = (): void => {
      if (this.#batch !== batch) return;
      if (this.#together > before && ++turns < MOST_TURNS) {
        before = this.#together;
        setImmediate(look);
        return;
      }
      try {
        this.#commit();
      } catch (error) {
        batch.reject(error);
      }
    };
    this.#together = 0;
    setImmediate(look);
    return batch;
  }

  /** Ends the transaction that is open, if one is. */
  #commit(): void {
    const batch = this.#batch;
    if (batch === null) return;
    this.#batch = null;
    const { database } = this.#state;
    try {
      this.#state.reading(() => database.exec('COMMIT'));
      batch.resolve();
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
      // Memory is ahead of the disk: it is read anew before the next reading or change.
      this.#version = -1;
      this.#told.clear();
      batch.reject(error);
      throw error;
    }
  }

  #apply<T>(nowMicros: number, work: () => T, record: Recording<T>): Made<T> {
    const staged = new Map<string, Staged>();
    try {
      return this.#state.transaction(() => {
        // The transaction has the file for itself from here on.
        this.refresh();
        this.#staged = staged;
        const atMicros = Math.max(nowMicros, this.lastMicros + 1);
        const result = work();
        const changes = [...staged.values()].flatMap((one) => this.#write(one, atMicros));
        record(result, changes, atMicros);
        this.lastMicros = atMicros;
        if (changes.length > 0) this.revision++;
        return { result, changes, atMicros };
      });
    } catch (error) {
      for (const { place, kind, id, before } of staged.values()) set(place, kind, id, before);
      throw error;
    } finally {
      this.#staged = null;
    }
  }

  #stage(place: Place, kind: string, id: string, item: Item | null, atMicros: number): void {
    if (this.#staged === null) throw new TypeError('a fact is put within a change');
    if (!this.#own.has(place.account)) throw failure('FG_ACCOUNT_IMPORTED', place.account);
    const before = place.tables.get(kind)?.facts.get(id);
    if (item === null && before === undefined) return;
    const key = `${place.account} ${place.region} ${kind} ${id}`;
    const staged = this.#staged.get(key);
    if (staged === undefined) this.#staged.set(key, { place, kind, id, before, atMicros });
    else staged.atMicros = atMicros;
    // As it will be read: members that are not given are none.
    const fact =
      item === null ? undefined : { item: frozen(JSON.parse(JSON.stringify(item))), row: 0, from: 0, content: 0 };
    set(place, kind, id, fact);
  }

  /** Writes the rows of one thing. */
  #write({ place, kind, id, before, atMicros }: Staged, at: number): Changed[] {
    const scope = [kind, place.account, place.region, id] as const;
    const after = place.tables.get(kind)?.facts.get(id);
    if (after === before) return [];
    this.#tellFirst(place, at);
    const content = after === undefined ? null : this.#contentOf(kind, after.item);
    // What does not hold yet cannot change before it does.
    const begin = Math.max(at, atMicros, before?.from ?? 0);
    if (before !== undefined) {
      if (content === before.content) {
        set(place, kind, id, before);
        return [];
      }
      this.#sql.close.run(at, before.row);
      if (before.from < begin) this.#sql.add.run(...scope, before.content, before.from, begin, at, FOREVER);
    }
    if (after !== undefined && content !== null) {
      const { lastInsertRowid } = this.#sql.add.run(...scope, content, begin, FOREVER, at, FOREVER);
      set(place, kind, id, { item: after.item, row: Number(lastInsertRowid), from: begin, content });
    }
    const became = before === undefined ? 'created' : after === undefined ? 'removed' : 'changed';
    return [{ account: place.account, region: place.region, kind, id, became }];
  }

  #contentOf(kind: string, item: Item): number {
    const json = JSON.stringify(item);
    // Not the hash of imported contents: there the order of lists and what is empty make no difference, here it is read back.
    const hash = digest('sha256', `exactly ${json}`, 'buffer');
    const added = this.#sql.addContent.run(hash, json, beginOf(kind, item));
    return added.changes === 1 ? Number(added.lastInsertRowid) : Number(this.#sql.findContent.get(hash)?.['id']);
  }

  /** Before its first change there was nothing: so say answers of the beginning of time. */
  #tellFirst({ account, region }: Place, at: number): void {
    const key = `${account} ${region}`;
    if (this.#told.has(key)) return;
    if (this.#sql.told.get(account, region) === undefined) {
      // One change may be the first of two accounts.
      this.#sql.addImport.run(at, 'control API');
      for (const kind of KINDS.keys()) this.#sql.addAnswer.run(kind, account, region, at);
    } else this.#told.add(key);
  }

  #place(account: string, region: string): Place {
    const key = `${account} ${region}`;
    const found = this.#places.get(key) ?? { account, region, tables: new Map<string, Table>() };
    this.#places.set(key, found);
    return found;
  }
}

function frozen(json: Item): Item {
  for (const value of Object.values(json)) if (typeof value === 'object' && value !== null) frozen(value as Item);
  return Object.freeze(json);
}
