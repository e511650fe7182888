import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import * as rules from './import-rules.ts';
import { importGraph, readImports } from './imports.ts';
import { LAYERS } from './layers.ts';

// Not written as an import would have it: the checks read this file too.
const DUCK = ['@duckdb', 'node-api'].join('/');

/** The faults of a rule on a small clone of its own. */
function faults(rule: rules.Rule, files: Readonly<Record<string, string>>): string[] {
  return rule(importGraph(new Map(Object.entries(files))));
}

test('the console takes from the program src/api and src/model alone, and nothing of Node', () => {
  const wrong = faults(rules.consoleStaysOut, {
    'web/src/a.ts': "import { b } from '../../src/api/b.ts';\nimport { c } from './c.ts';\nimport { d } from 'react';",
    'web/src/b.tsx': "import type { e } from '../../src/query/e.ts';\nimport { f } from 'node:fs';",
    'web/src/b.test.ts': "import { f } from 'node:fs';",
  });
  assert.deepEqual(
    wrong.map((why) => why.split(',')[0]),
    [
      'web/src/b.tsx:1: imports src/query/e.ts; web/ takes from src/api/ and src/model/ alone',
      'web/src/b.tsx:2: imports node:fs',
    ],
  );
});

test('reads imports of every form with their line, and none from comments', () => {
  const source = [
    "import { a, type B } from './a.ts';",
    "import type { C } from '../c.ts';",
    "// import { no } from './no.ts';",
    '/*',
    " import { no } from './no.ts';",
    ' */',
    'import {',
    '  d as e,',
    "} from 'd';",
    "const f = await import('node:fs');",
    "export { g } from './g.ts';",
  ].join('\n');
  assert.deepEqual(
    readImports('src/x/y.ts', source).map((found) => [
      found.line,
      found.path ?? found.text,
      found.names.join(),
      Number(found.typeOnly) + 2 * Number(found.dynamic) + 4 * Number(found.reexport),
    ]),
    [
      [1, 'src/x/a.ts', 'a,B', 0],
      [2, 'src/c.ts', 'C', 1],
      [7, 'd', 'd', 0],
      [10, 'node:fs', '', 2],
      [11, 'src/x/g.ts', 'g', 4],
    ],
  );
});

test('a folder may use those above it and none below', () => {
  const forward = faults(rules.noForwardImports, {
    'src/record/print.ts': "import { putObject } from '../publish/publisher.ts';",
    'src/publish/publisher.ts': "import { print } from '../record/print.ts';",
  });
  assert.deepEqual(forward, ['src/record/print.ts:1: imports src/publish/publisher.ts: publish/ comes after record/']);
});

test('inside a wing the order holds too, types included', () => {
  const forward = faults(rules.noForwardImports, {
    'src/collect/capture/source.ts': "import type { Window } from '../aggregate/window.ts';",
    'src/collect/aggregate/window.ts': '',
    'src/network/vpc/model.ts': "import { judge } from '../verdict/judge.ts';",
    'src/network/verdict/judge.ts': '',
  });
  assert.equal(forward.length, 2);
});

test('a file outside the list of folders, and an import from tests into the program, are named', () => {
  const wrong = faults(rules.noForwardImports, {
    'src/helpers/x.ts': '',
    'src/record/print.ts': "import { make } from '../../test/make.ts';",
    'src/record/print.test.ts': "import { make } from '../../test/make.ts';",
  });
  assert.equal(wrong.length, 2);
  assert.match(wrong.join('\n'), /src\/helpers\/x.ts:1: lies in no folder/);
  assert.match(wrong.join('\n'), /not part of the program/);
});

test('a gathering file, a thing passed on, a door used from inside and a missing file are named', () => {
  const wrong = faults(rules.onlyTheHolder, {
    'src/record/index.ts': '',
    'src/record/print.ts': "export { parse } from './parse.ts';",
    'src/record/parse.ts': "import { gone } from './gone.ts';",
    'src/record/public.ts': "export { parse } from './parse.ts';",
    'src/publish/publisher.ts': "import { parse } from '../record/public.ts';",
  });
  assert.deepEqual(
    wrong.map((sentence) => sentence.split(':')[0]),
    ['src/record/index.ts', 'src/record/print.ts', 'src/record/parse.ts', 'src/publish/publisher.ts'],
  );
});

test('a cycle is named with its whole way, one of types alone is not', () => {
  const wrong = faults(rules.noCycles, {
    'src/record/a.ts': "import { b } from './b.ts';",
    'src/record/b.ts': "import { type C, c } from './c.ts';",
    'src/record/c.ts': "import { a } from './a.ts';",
    'src/record/d.ts': "import { e } from './e.ts';",
    'src/record/e.ts': "import type { D } from './d.ts';",
  });
  assert.deepEqual(wrong, [
    'src/record/a.ts:1: a cycle: src/record/a.ts → src/record/b.ts → src/record/c.ts → src/record/a.ts',
  ]);
});

test('the native module is refused outside storage/duck, even when it is loaded late', () => {
  const wrong = faults(rules.duckInOnePlace, {
    'src/storage/duck/duck.ts': `import { DuckDBInstance } from '${DUCK}';`,
    'src/query/run.ts': `const duck = await import('${DUCK}');`,
  });
  assert.equal(wrong.length, 1);
  assert.match(wrong[0]!, /^src\/query\/run.ts:1/);
});

test('a pure folder is refused Node and folders that use it; its tests are not', () => {
  const wrong = faults(rules.pureStaysPure, {
    'src/record/print.ts': "import { readFileSync } from 'node:fs';",
    'src/record/parse.ts': "import { open } from '../collect/capture/sources/capture-file.ts';",
    'src/record/print.test.ts': "import { test } from 'node:test';",
    'src/collect/capture/sources/capture-file.ts': "import { open } from 'node:fs/promises';",
  });
  assert.deepEqual(
    wrong.map((sentence) => sentence.split(':')[0]),
    ['src/record/print.ts', 'src/record/parse.ts'],
  );
});

test('a cloud client at the top of a file is refused, in a body and as a type it is not', () => {
  const top = "import { S3Client } from '@aws-sdk/client-s3';";
  const late = "import type { S3Client } from '@aws-sdk/client-s3';\nconst s3 = await import('@aws-sdk/client-s3');";
  const wrong = faults(rules.cloudClientsLate, {
    'src/storage/object/stores/s3.ts': top,
    'src/storage/object/stores/other.ts': late,
  });
  assert.equal(wrong.length, 1);
});

test('the command line may not load a stage before it knows the verb', () => {
  const wrong = faults(rules.lightStart, {
    'src/cli/main.ts': "import { queryCommand } from './query.ts';\nimport { Command } from 'commander';",
    'src/cli/query.ts': "import { run } from '../query/run.ts';\nimport type { Answer } from '../query/answer.ts';",
    'src/query/run.ts': '',
  });
  assert.deepEqual(wrong, [
    'src/cli/query.ts:1: ../query/run.ts is loaded before the verb is known; import it inside the action',
  ]);
});

test('the type checker sees every pure folder of the list', () => {
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.pure.json'), 'utf8')) as { include: string[] };
  const covered = (folder: string): boolean =>
    include.some((pattern) => `src/${folder}/`.startsWith(pattern.replace('**/*.ts', '')));
  const missing = LAYERS.filter(
    ({ folder, pure }) => pure && existsSync(join(ROOT, 'src', folder)) && !covered(folder),
  );
  assert.deepEqual(missing, []);
});
