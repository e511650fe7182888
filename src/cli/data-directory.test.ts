import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createProgram } from './main.ts';

const before = process.env['FLOWGAUGE_DATA'];
after(() => {
  if (before === undefined) delete process.env['FLOWGAUGE_DATA'];
  else process.env['FLOWGAUGE_DATA'] = before;
});

/** Defaults of the options that name the data directory, by verb, as the environment has it now. */
async function defaults(): Promise<Map<string, unknown>> {
  const options = (await createProgram()).commands.flatMap((verb) =>
    verb.options
      .filter(({ description, long }) => long === '--data' || description.includes('FLOWGAUGE_DATA'))
      .map((option) => [verb.name(), option.defaultValue] as const),
  );
  return new Map(options);
}

test('every verb that reads the data directory takes it from the same variable', async () => {
  process.env['FLOWGAUGE_DATA'] = '/var/lib/flowgauge';
  const found = await defaults();
  for (const verb of [
    'up',
    'query',
    'load',
    'doctor',
    'import',
    'diagnose',
    'rule-hits',
    'replay',
    'suggest',
    'status',
  ])
    assert.ok(found.has(verb), verb);
  for (const [verb, value] of found) assert.equal(value, '/var/lib/flowgauge', verb);
});

test('a variable that is empty or not there leaves the directory where it is', async () => {
  process.env['FLOWGAUGE_DATA'] = '';
  for (const [verb, value] of await defaults()) assert.equal(value, './flowgauge-data', verb);
  delete process.env['FLOWGAUGE_DATA'];
  for (const [verb, value] of await defaults()) assert.equal(value, './flowgauge-data', verb);
});
