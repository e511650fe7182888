import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { ACTIONS } from './list.ts';

test('every file of the folder is an action of its name, and in the list', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^(?!list\.)[^.]+\.ts$/.test(name));
  const names = files.map((file) =>
    file.replace('.ts', '').replaceAll(/(?:^|-)([a-z\d])/g, (_, letter: string) => letter.toUpperCase()),
  );
  assert.deepEqual(ACTIONS.map(({ name }) => name).sort(), names.sort());
});

test('what only describes is read, everything else is a write', () => {
  for (const { name, access } of ACTIONS) assert.equal(access, /^(?:Describe|Get)/.test(name) ? 'read' : 'write', name);
});
