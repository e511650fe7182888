import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './files.ts';
import { detectionsPage } from './make-detections-doc.ts';

test('docs/detections.md is what the detections are (else: bin/node scripts/make-detections-doc.ts)', () => {
  assert.equal(readFileSync(join(ROOT, 'docs/detections.md'), 'utf8'), detectionsPage());
});
