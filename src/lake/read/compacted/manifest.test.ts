import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { emptyDay, LAKE_FORMAT, manifestBytes, manifestKey, readManifest, readManifestKey } from './manifest.ts';
import type { LakeDay } from './manifest.ts';

const SHA = 'a'.repeat(64);
const DAY: LakeDay = {
  ...emptyDay('2026-11-23'),
  files: [
    {
      key: 'flowgauge-lake/records/day=2026-11-23/x.parquet',
      sizeBytes: 10,
      sha256: SHA,
      records: 3,
      packets: 4,
      bytes: 5,
      startSeconds: 1,
      endSeconds: 2,
      firstStart: null,
      lastStart: 3,
      firstEnd: 4,
      lastEnd: 5,
      coverage: [{ objects: 1, columns: ['srcaddr'] }],
      notes: [{ kind: 'bad-values', file: 'k', column: 'bytes', count: 1 }],
      rollups: [],
    },
  ],
  sources: [{ place: null, objects: [{ key: 'k', sizeBytes: 1, etag: 'e', file: 0, at: 9, expired: false }] }],
};

test('a manifest gives back the state that it was made of', () => {
  assert.deepEqual(readManifest(manifestBytes(DAY), 'here'), DAY);
});

test('a day is written in the first format as long as all records are there, so that older programs read it', () => {
  const formatIn = (state: LakeDay): unknown => JSON.parse(gunzipSync(manifestBytes(state)).toString()).format;
  const gone: LakeDay = { ...DAY, files: [{ ...DAY.files[0]!, gone: { at: 7, remove: ['k'] } }] };
  assert.deepEqual([formatIn(DAY), formatIn(gone)], [1, 2]);
  assert.deepEqual(readManifest(manifestBytes(gone), 'here').files[0]!.gone, { at: 7, remove: ['k'] });
});

test('a manifest of this format is read by programs of later ones: what they add is passed over', () => {
  const more = { ...DAY, later: 1, files: [{ ...DAY.files[0]!, later: [] }] };
  const read = readManifest(gzipSync(JSON.stringify(more)), 'here');
  assert.equal(read.files[0]!.records, 3);
});

test('a manifest of a later format is refused, and the message says what to do', () => {
  const bytes = gzipSync(JSON.stringify({ ...DAY, format: LAKE_FORMAT + 1, files: 'of another shape' }));
  assert.throws(() => readManifest(bytes, 's3://b/m'), {
    code: 'FG_LAKE_NEWER',
    message: /s3:\/\/b\/m.* has format 4 .* reads up to 3.*use the version/,
  });
});

for (const [what, bytes] of [
  ['no gzip', Buffer.from('{}')],
  ['cut', manifestBytes(DAY).subarray(0, 30)],
  ['no object', gzipSync('3')],
  ['without a format', gzipSync('{}')],
  ['with a negative number', gzipSync(JSON.stringify({ ...DAY, files: [{ ...DAY.files[0]!, records: -1 }] }))],
] as const)
  test(`a manifest that is ${what} is refused`, () => {
    assert.throws(() => readManifest(bytes, 'here'), { code: 'FG_LAKE_DAMAGED' });
  });

test('keys of manifests are told from other keys', () => {
  assert.deepEqual(readManifestKey(`some/prefix/${manifestKey('2026-11-23', 12)}`), { day: '2026-11-23', number: 12 });
  assert.equal(readManifestKey('_flowgauge/lake/lock'), null);
  assert.equal(readManifestKey('_flowgauge/lake/2026-11-23/00000001.json.gz.tmp'), null);
});
