/**
 * Where this machine's traffic cannot be captured: a capture that is part of the project, and its network.
 *
 * In:    the directory of the demonstration, made anew each time. Out: flow logs and a first answer; a control plane that
 *        describes the network and changes nothing.
 * Holds: the network lies in a state file of its own, as imported facts: a key that may only read is all there is, for no
 *        change of it would have any effect.
 * Fails: with the error of the part that failed.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importAws } from '../../control/import/import-aws.ts';
import { addFirstKey } from '../../control/keys.ts';
import { DEFAULT_FORMAT } from '../../record/format.ts';
import { readSnapshot } from '../../storage/state/model-files.ts';
import { recordAnswers } from '../../storage/state/record-answers.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { capture } from '../collector/capture.ts';
import type { CaptureFace } from '../collector/capture.ts';
import { optionFlowLog } from '../collector/option-flow-log.ts';
import type { Control, ControlOptions } from './control.ts';
import { CREDENTIALS_FILE, openControl } from './control.ts';
import { flowLogOf } from './host-facts.ts';

const QUIET: CaptureFace = { notUnderstood() {}, counts() {}, devicesAbsent() {}, ended() {} };
const DEMO = {
  capture: fileURLToPath(new URL('demo/capture.pcap.gz', import.meta.url)),
  model: fileURLToPath(new URL('demo/model.json', import.meta.url)),
};
/** The flow log of the demonstration, as `capture` makes it where the model brings none. */
const FLOW_LOG = {
  format: DEFAULT_FORMAT,
  intervalSeconds: 60,
  traffic: 'ALL',
  fileFormat: 'plain-text',
  hive: false,
  hourly: false,
} as const;

/** The control plane of a directory for demonstrations. */
export async function openDemo(options: ControlOptions): Promise<Control> {
  const { directory } = options;
  const path = statePath(directory);
  const credentials = join(directory, CREDENTIALS_FILE);
  mkdirSync(directory, { recursive: true });
  for (const made of [path, `${path}-wal`, `${path}-shm`, credentials]) rmSync(made, { force: true });
  const now = new Date();
  const nowMicros = now.getTime() * 1000;
  const files = { paths: [DEMO.model], atMicros: null, whole: true };
  await importAws(files, directory, nowMicros, new AbortController().signal);
  const {
    id,
    accountId: account,
    region,
    resourceId,
    destination,
  } = optionFlowLog(FLOW_LOG, await readSnapshot(DEMO.model));
  const content = { FlowLogId: id, ResourceId: resourceId, ...flowLogOf({ format: DEFAULT_FORMAT, destination }) };
  const state = openState(path, false);
  try {
    const items = [{ id, content }];
    const answer = { kind: 'FlowLogs', account, region, atMicros: nowMicros, whole: true, items };
    await recordAnswers(state, [answer], 'demonstration', nowMicros);
    addFirstKey(state, { account, role: 'read', forSeconds: null }, region, credentials, now);
  } finally {
    state.close();
  }
  return openControl({ ...options, accountId: null });
}

/** The capture goes the whole way into a directory. */
export async function runDemo(directory: string): Promise<void> {
  // What a demonstration makes, and nothing else that may lie there.
  for (const made of ['AWSLogs', '_flowgauge']) await rm(join(directory, made), { recursive: true, force: true });
  await capture(
    {
      ...FLOW_LOG,
      read: DEMO.capture,
      device: null,
      write: directory,
      vpc: DEMO.model,
      devices: [],
      vlans: [],
      awsRanges: null,
      countsFile: null,
      maxFlows: null,
      maxConnections: null,
      maxObjectBytes: null,
    },
    QUIET,
  );
}
