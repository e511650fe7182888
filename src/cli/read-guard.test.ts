import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Planned } from '../lake/read/planned.ts';
import { readGuard } from './read-guard.ts';
import type { GuardOptions, Person } from './read-guard.ts';

const FAR: Planned = { objects: 1234, bytes: 7_230_000_000, farBytes: 7_230_000_000, requests: 2000, groups: [] };
const OPTIONS: GuardOptions = {
  place: 's3://logs',
  maxBytes: null,
  yes: false,
  signal: new AbortController().signal,
  beforeAsking: () => {},
};

function person(isTTY: boolean): Person & { readonly input: PassThrough; readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    input: Object.assign(new PassThrough(), { isTTY }),
    output: { isTTY, write: (text) => said.push(text) > 0 },
  };
}

test('little is read without a question, and so is much with --yes or a higher limit', async () => {
  const nobody = person(false);
  await readGuard(OPTIONS, nobody)({ ...FAR, farBytes: 5e9 });
  await readGuard({ ...OPTIONS, yes: true }, nobody)(FAR);
  await readGuard({ ...OPTIONS, maxBytes: 10e9 }, nobody)(FAR);
  // What lies on this machine costs nothing, unless somebody set a limit.
  await readGuard(OPTIONS, nobody)({ ...FAR, farBytes: 0 });
  await assert.rejects(readGuard({ ...OPTIONS, maxBytes: 1e9 }, nobody)({ ...FAR, farBytes: 0 }), {
    code: 'FG_READ_LIMIT',
  });
  assert.deepEqual(nobody.said, []);
});

test('in a pipe much is refused, with the way out', async () => {
  await assert.rejects(readGuard(OPTIONS, person(false))(FAR), {
    code: 'FG_READ_LIMIT',
    message:
      /^1234 objects with 7\.2 GB would be read from s3:\/\/logs, more than 5\.0 GB; nothing was read;.*--yes or --max-bytes 7\.3GB$/,
  });
});

test('at a terminal it asks, and takes nothing but y for yes', async () => {
  for (const [typed, goes] of [
    ['y\n', true],
    [' YES \n', true],
    ['\n', false],
    ['n\n', false],
    ['yellow\n', false],
    ['', false],
  ] as const) {
    const someone = person(true);
    let wiped = 0;
    const asked = readGuard({ ...OPTIONS, beforeAsking: () => wiped++ }, someone)(FAR);
    someone.input.end(typed);
    if (goes) await asked;
    else await assert.rejects(asked, { code: 'FG_READ_LIMIT' });
    assert.match(someone.said.join(''), /^1234 objects with 7\.2 GB .*Read them\? \(y\/N\) $/);
    assert.equal(wiped, 1);
  }
});

test('Ctrl-C while it asks ends it at once', async () => {
  const stop = new AbortController();
  const asked = readGuard({ ...OPTIONS, signal: stop.signal }, person(true))(FAR);
  stop.abort();
  await assert.rejects(asked, { name: 'AbortError' });
});
