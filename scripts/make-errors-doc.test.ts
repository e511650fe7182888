import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERRORS } from '../src/model/errors.ts';
import { ROOT } from './files.ts';
import { errorsPage } from './make-errors-doc.ts';

test('docs/errors.md has every code of the catalogue and no other (else: bin/node scripts/make-errors-doc.ts)', () => {
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  const onPage = [...page.matchAll(/^### (\S+)$/gm)].map((match) => match[1]!);
  assert.deepEqual(onPage.toSorted(), Object.keys(ERRORS).toSorted());
  assert.equal(page, errorsPage(ERRORS));
});

test('an entry is printed with the names of its facts, whatever it does with them', () => {
  const page = errorsPage({
    FG_X: {
      owner: 'content',
      text: (file: string, at: number, names: readonly string[]) =>
        `${file} at ${at.toFixed(0)}: ${names.slice(0, 2).join(', ')}; look`,
    },
  });
  assert.match(page, /### FG_X\n\n‹file› at ‹at›: ‹names›; look\n/);
});
