import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createProgram } from './main.ts';

const before = process.env['FLOWGAUGE_DATA'];
after(() => {
  if (before === undefined) delete process.env['FLOWGAUGE_DATA'];
  else process.env['FLOWGAUGE_DATA'] = before;
});

/** Defaults of the options that name the data directory, by verb, as the environment has it now. */
function defaults(): Record<string, unknown> {
  const options = createProgram().commands.flatMap((verb) =>
    verb.options
      .filter(({ description }) => description.includes('FLOWGAUGE_DATA'))
      .map((option) => [verb.name(), option.defaultValue]),
  );
  return Object.fromEntries(options);
}

test('every verb that reads the data directory takes it from the same variable', () => {
  process.env['FLOWGAUGE_DATA'] = '/var/lib/flowgauge';
  const named = '/var/lib/flowgauge';
  assert.deepEqual(defaults(), { up: named, query: named, replay: named, suggest: named, doctor: named });
});

test('a variable that is empty or not there leaves the directory where it is', () => {
  const usual = './flowgauge-data';
  process.env['FLOWGAUGE_DATA'] = '';
  assert.deepEqual(defaults(), { up: usual, query: usual, replay: usual, suggest: usual, doctor: usual });
  delete process.env['FLOWGAUGE_DATA'];
  assert.deepEqual(defaults(), { up: usual, query: usual, replay: usual, suggest: usual, doctor: usual });
});
