/**
 * Takes the network of accounts into the state file.
 *
 * In:    files of answers, or profiles and regions to ask; a data directory. Out: what was recorded, what was refused and
 *        what is not understood.
 * Holds: all of it is recorded or nothing: an import that fails changes nothing. What is recorded can be compiled.
 * Fails: FG_IMPORT_*, FG_MODEL_*, FG_STATE_*, FG_AWS_*.
 */
import { mkdirSync } from 'node:fs';
import { failure } from '../../model/errors.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { FALLBACK_REGION } from '../../storage/object/aws-client.ts';
import { fileFailure } from '../../storage/object/file-errors.ts';
import { isOwnAccount } from '../../storage/state/keys.ts';
import { factsAt } from '../../storage/state/facts-at.ts';
import { recordAnswers } from '../../storage/state/record-answers.ts';
import type { Answer, ImportCounts } from '../../storage/state/record-answers.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { askAccount } from './ask-account.ts';
import type { RefusedCall } from './ask-account.ts';
import { createAsker } from './ask-aws.ts';
import type { AskOptions } from './ask-aws.ts';
import { readAnswers } from './read-answers.ts';

/** Files to read. */
export type FileImport = {
  readonly paths: readonly string[];
  /** The time for which the answers hold; null: that of the files. */
  readonly atMicros: number | null;
  /** False where they are of some things only. */
  readonly whole: boolean;
};

/** Accounts to ask: each profile in each region. */
export type LiveImport = {
  /** Empty: the one that the AWS tools would use. */
  readonly profiles: readonly string[];
  /** Empty: that of the profile. */
  readonly regions: readonly string[];
  readonly endpoint: string | null;
};

export type Imported = {
  readonly recorded: readonly ImportCounts[];
  readonly refused: readonly RefusedCall[];
  readonly files: number;
  readonly strange: readonly string[];
  /** Of the newest model in the data directory. */
  readonly notUnderstood: readonly string[];
  readonly statePath: string;
};

/** Called as it goes on. */
export type ImportWatch = AskOptions & {
  readonly asking?: (account: string, region: string, done: number, of: number, items: number) => void;
};

/**
 * Imports.
 *
 * @param data       the data directory; made where it does not exist
 * @param nowMicros  the time of the import, microseconds since 1970 UTC; the answers of accounts hold for it
 */
export async function importAws(
  from: FileImport | LiveImport,
  data: string,
  nowMicros: number,
  signal: AbortSignal,
  watch: ImportWatch = {},
): Promise<Imported> {
  const got =
    'paths' in from
      ? { ...(await readAnswers(from.paths, from.atMicros, from.whole)), refused: [] }
      : { ...(await askAccounts(from, nowMicros, signal, watch)), files: 0, strange: [] };
  try {
    mkdirSync(data, { recursive: true });
  } catch (error) {
    throw fileFailure(error, data);
  }
  const path = statePath(data);
  const state = openState(path, true);
  try {
    return state.transaction(() => {
      for (const { account } of got.answers) if (isOwnAccount(state, account)) throw failure('FG_ACCOUNT_OWN', account);
      const source = 'paths' in from ? from.paths.join(', ') : 'AWS';
      const recorded = recordAnswers(state, got.answers, source, nowMicros);
      const newest = factsAt(state, { atMicros: Infinity, knownAtMicros: Infinity });
      const { notUnderstood } = compileSnapshot(readModel([{ name: path, json: newest.model }]), {
        version: 1,
        atMicros: nowMicros,
      });
      const { refused, files, strange } = got;
      return { recorded, refused, files, strange, notUnderstood, statePath: path };
    });
  } finally {
    state.close();
  }
}

async function askAccounts(
  { profiles, regions, endpoint }: LiveImport,
  nowMicros: number,
  signal: AbortSignal,
  watch: ImportWatch,
): Promise<{ readonly answers: Answer[]; readonly refused: RefusedCall[] }> {
  const answers: Answer[] = [];
  const refused: RefusedCall[] = [];
  const seen = new Set<string>();
  for (const profile of profiles.length === 0 ? [undefined] : profiles) {
    const access = {
      ...(profile === undefined ? {} : { profile }),
      ...(endpoint === null ? {} : { endpoint }),
    };
    for (const region of regions.length === 0 ? [await regionOf(profile)] : regions) {
      const asker = createAsker(access, region, signal, watch);
      const account = await asker.account();
      // Two profiles may be of one account.
      if (seen.has(`${account} ${region}`)) continue;
      seen.add(`${account} ${region}`);
      const got = await askAccount(asker, account, nowMicros, (done, of, items) =>
        watch.asking?.(account, region, done, of, items),
      );
      const [first] = got.refused;
      if (got.answers.length === 0 && first !== undefined)
        throw failure('FG_IMPORT_DENIED', account, region, first.code, first.message);
      answers.push(...got.answers);
      refused.push(...got.refused);
    }
  }
  return { answers, refused };
}

/** The region that the AWS tools would ask. */
async function regionOf(profile: string | undefined): Promise<string> {
  const { loadConfig } = await import('@smithy/core/config');
  const find = loadConfig(
    {
      environmentVariableSelector: (env) => env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined,
      configFileSelector: (settings) => settings['region'],
      default: FALLBACK_REGION,
    },
    profile === undefined ? {} : { profile },
  );
  return find();
}
