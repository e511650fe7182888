/** Record text with and without header, as it is found in the world. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { DEFAULT_HEADER, EVERY_COLUMN, NODATA, RECORD, REJECTED, inBucket, reading } from './zoo.ts';

const THREE = [RECORD, REJECTED, NODATA];

test(
  'reads plain, gzip and zstd text by its bytes, alone, in several members or frames, and in a bucket',
  inBucket(async (bucket) => {
    const [first, ...rest] = [DEFAULT_HEADER, ...THREE].map((line) => Buffer.from(`${line}\n`));
    const all = Buffer.concat([first!, ...rest]);
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);
    const files = {
      plain: all,
      gzip: gzipSync(all),
      'gzip of many members': Buffer.concat([first!, ...rest].map((part) => gzipSync(part))),
      'gzip with zeros behind': Buffer.concat([gzipSync(all), Buffer.alloc(512)]),
      zstd: zstdCompressSync(all),
      'zstd of many frames': Buffer.concat([first!, ...rest].map((part) => zstdCompressSync(part))),
      'zstd with frames to skip': Buffer.concat([skipped, zstdCompressSync(all), skipped]),
      'zstd in gzip': gzipSync(zstdCompressSync(all)),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const from = bucket.file('x.parquet', bytes);
      assert.deepEqual(await reading(from, EVERY_COLUMN), { rows: THREE, notes: [] }, name);
    }
    const key = bucket.text([]);
    for (const [at, name] of [key, key.replace(/gz$/, 'zst'), key.replace(/\.gz$/, '')].entries()) {
      bucket.file(name.replace('_20261123T1205Z_', `_20261123T12${10 + at}Z_`), Object.values(files)[at * 2 + 2]!);
    }
    bucket.file(key, zstdCompressSync(''));
    rmSync(join(bucket.directory, 'x.parquet'));
    const { rows, notes } = await reading(bucket.directory, EVERY_COLUMN);
    assert.deepEqual([rows.length, new Set(rows).size, notes], [9, 3, []]);
  }),
);

test(
  'passes over marks, CRLF, empty lines, repeated headers, and reads a last line without newline',
  inBucket(async (bucket) => {
    const texts = {
      CRLF: `${[DEFAULT_HEADER, ...THREE].join('\r\n')}\r\n`,
      'a mark': `\ufeff${[DEFAULT_HEADER, ...THREE].join('\n')}`,
      'empty lines': `\n\r\n${[DEFAULT_HEADER, '', ...THREE, '', ''].join('\n\n')}`,
      'repeated headers': [
        DEFAULT_HEADER,
        RECORD,
        DEFAULT_HEADER,
        REJECTED,
        DEFAULT_HEADER,
        NODATA,
        DEFAULT_HEADER,
      ].join('\n'),
      'a header with underscores': [DEFAULT_HEADER.replaceAll('-', '_'), ...THREE].join('\n'),
    };
    for (const [name, text] of Object.entries(texts)) {
      const from = bucket.file('a.log', text);
      assert.deepEqual(await reading(from, EVERY_COLUMN), { rows: THREE, notes: [] }, name);
    }
    for (const text of ['', '\n\n', '\r\n']) {
      await assert.rejects(reading(bucket.file('a.log', text), 'FROM flow_logs'), { code: 'FG_SOURCE_NO_RECORDS' });
    }
    const headerOnly = await reading(bucket.file('a.log', `${DEFAULT_HEADER}\n`), EVERY_COLUMN);
    assert.deepEqual(headerOnly, { rows: [], notes: [] });
  }),
);

test(
  'counts each broken line with its number, whatever breaks it',
  inBucket(async (bucket) => {
    const broken: Readonly<Record<string, string>> = {
      'whole field-count': RECORD.replace(' OK', ''),
      'one more field': `${RECORD} more`,
      'a NUL': RECORD.replace('10.0.2.9', '10.0\0.2.9'),
      'two blanks': RECORD.replace(' 443 ', '  443 '),
      'a blank at the end': `${RECORD} `,
      'a blank before': ` ${RECORD}`,
      'a tab': RECORD.replace(' 443 ', '\t443\t'),
      'no number': RECORD.replace(' 840 ', ' 8e2 '),
      'a number too large': RECORD.replace(' 840 ', ' 9223372036854775808 '),
      'a port too large': RECORD.replace(' 443 ', ' 2147483648 '),
      'a negative number': RECORD.replace(' 840 ', ' -840 '),
      'no UTF-8': RECORD.replace('10.0.2.9', '10.0.\u0100.9'),
      'very long': RECORD.replace('10.0.2.9', 'x'.repeat(70_000)),
      'a comment': '# exported by hand',
    };
    for (const [name, line] of Object.entries(broken)) {
      const lines = [DEFAULT_HEADER, RECORD, line, REJECTED, ''].join('\n');
      const bytes = Buffer.from(lines, name === 'no UTF-8' ? 'latin1' : 'utf8');
      const bad =
        name === 'no UTF-8'
          ? bytes.map((byte, at) => (at > 0 && bytes[at - 1] === 0x2e && byte === 0 ? 0xff : byte))
          : bytes;
      const { rows, notes } = await reading(bucket.file('a.log', bad), EVERY_COLUMN);
      assert.deepEqual(rows, [RECORD, REJECTED], name);
      assert.match(notes.join(), /^1 bad in a\.log: line 3 /, name);
    }
  }),
);

test(
  'reads any order, fields that nobody knows, and several formats in one question',
  inBucket(async (bucket) => {
    const key = bucket.text([
      'bytes zz-new srcaddr Other_One log-status version',
      '7 a 10.0.0.1 b OK 2',
      '- - - - NODATA 2',
    ]);
    bucket.text(['log-status srcaddr reject-reason interface-tag next-hop-vpc-id', 'OK 10.0.0.2 BPA my%2Dapp vpc-0a']);
    bucket.text([
      'version resource-type tgw-id srcaddr bytes packets-lost-mtu-exceeded log-status',
      '6 TransitGateway tgw-0a 10.0.0.3 9 3 OK',
    ]);
    const columns =
      'srcaddr, bytes, zz_new, other_one, log_status, version, reject_reason, interface_tag, next_hop_vpc_id, tgw_id, packets_lost_mtu_exceeded';
    assert.deepEqual(await reading(bucket.directory, `SELECT ${columns} FROM flow_logs ORDER BY srcaddr NULLS LAST`), {
      rows: [
        '10.0.0.1 7 a b OK 2 - - - - -',
        '10.0.0.2 - - - OK - BPA my%2Dapp vpc-0a - -',
        '10.0.0.3 9 - - OK 6 - - - tgw-0a 3',
        '- - - - NODATA 2 - - - - -',
      ],
      notes: [`unknown zz_new in ${key}`, `unknown other_one in ${key}`],
    });
  }),
);

test(
  'takes no line under a header of another format for its own, in whatever columns, and its own ones again',
  inBucket(async (bucket) => {
    const lines = [
      'srcaddr pkt-dstaddr action',
      '10.0.0.1 10.0.0.2 ACCEPT',
      'action pkt-dstaddr srcaddr',
      'REJECT 10.0.0.4 10.0.0.3',
      '',
      'REJECT 10.0.0.6 10.0.0.5',
      'srcaddr pkt_dstaddr action',
      '10.0.0.7 10.0.0.8 ACCEPT',
      'vpc-id srcaddr',
      'vpc-0a 10.0.0.9',
      'srcaddr pkt-dstaddr action',
      '10.0.0.10 srcaddr REJECT',
      'dstaddr srcaddr bytes',
    ];
    for (const newline of ['\n', '\r\n'])
      for (const end of ['', newline]) {
        const from = bucket.file('a.log', gzipSync(lines.join(newline) + end));
        assert.deepEqual(await reading(from, 'SELECT srcaddr, pkt_dstaddr, action FROM flow_logs'), {
          rows: ['10.0.0.1 10.0.0.2 ACCEPT', '10.0.0.7 10.0.0.8 ACCEPT', '10.0.0.10 srcaddr REJECT'],
          notes: ['6 bad in a.log: line 3 whole field-count'],
        });
      }
    const bare = bucket.file('bare.log', `${RECORD}\n${DEFAULT_HEADER.split(' ').reverse().join(' ')}\n${RECORD}\n`);
    assert.deepEqual((await reading(bare, 'SELECT srcaddr FROM flow_logs')).rows, ['10.0.1.5']);
  }),
);

test(
  'refuses a header that has a name twice, also where only hyphens and capitals differ',
  inBucket(async (bucket) => {
    for (const header of ['srcaddr bytes srcaddr', 'pkt-srcaddr pkt_srcaddr bytes', 'zz-a srcaddr ZZ-A']) {
      await assert.rejects(reading(bucket.file('a.log', `${header}\n1 2 3\n`), 'FROM flow_logs'), {
        code: 'FG_SOURCE_NO_RECORDS',
        message: /twice/,
      });
    }
  }),
);

test(
  'keeps values as they are: milliseconds, 8-digit ids, leading zeros, SKIPDATA, odd words',
  inBucket(async (bucket) => {
    const lines = [
      '2 000000000001 eni-1235b8ca - - - - - - - 1795435500000 1795435559999 - SKIPDATA',
      '2 unknown eni-0a1b2c3d4e5f60718 ::ffff:10.0.0.1 2001:DB8::1 0 0 58 1 9007199254740993 1795435500 1795435500 ACCEPT OK',
      '2 012345678901 - 010.0.0.1 fe80::1%eth0 65535 65535 255 0 0 0 0 - OK',
    ];
    const from = bucket.file('a.log', [DEFAULT_HEADER, ...lines].join('\n'));
    assert.deepEqual(await reading(from, EVERY_COLUMN), { rows: lines, notes: [] });
    assert.deepEqual((await reading(from, 'SELECT start_time, end_time FROM flow_logs')).rows, [
      '2026-11-23T12:05:00Z 2026-11-23T12:05:59.999Z',
      '2026-11-23T12:05:00Z 2026-11-23T12:05:00Z',
      '1970-01-01T00:00:00Z 1970-01-01T00:00:00Z',
    ]);
  }),
);

test(
  'reads version 10 and a real account with a leading zero by their headers',
  inBucket(async (bucket) => {
    const ten = bucket.file(
      'ten.log',
      'flow-direction traffic-path srcaddr dstaddr srcport dstport encryption-status\ningress - 10.0.133.8 10.0.128.55 43236 80 1\negress 1 10.0.128.55 10.0.133.8 80 43236 3\n',
    );
    const sql =
      'SELECT flow_direction, traffic_path, srcaddr, dstaddr, srcport, dstport, encryption_status FROM flow_logs';
    assert.deepEqual(await reading(ten, sql), {
      rows: ['ingress - 10.0.133.8 10.0.128.55 43236 80 1', 'egress 1 10.0.128.55 10.0.133.8 80 43236 3'],
      notes: [],
    });
  }),
);

test(
  'names what is cut or damaged, and gives what came before',
  inBucket(async (bucket) => {
    const numbered = Array.from({ length: 60_000 }, (_, n) => RECORD.replace('40000', String(n)));
    const text = Buffer.from([DEFAULT_HEADER, ...numbered, ''].join('\n'));
    for (const [packing, packed] of [
      ['gzip', gzipSync(text)],
      ['zstd', zstdCompressSync(text)],
    ] as const) {
      for (const share of [0.001, 0.2, 0.7, 1]) {
        const end = Math.max(12, Math.floor((packed.length - 1) * share));
        const from = bucket.file(`${packing}.log`, packed.subarray(0, end));
        const result = await reading(from, 'SELECT count(*), coalesce(max(srcport) + 1, 0) FROM flow_logs').catch(
          (error: unknown) => (error as Error).message,
        );
        const why = `its ${packing} data ends too early`;
        if (typeof result === 'string') assert.match(result, new RegExp(why));
        else {
          const [count, next] = result.rows[0]!.split(' ');
          assert.equal(count, next, 'what was read has no gap');
          assert.equal(result.notes[0], `unread ${packing}.log: ${why}`);
          // Its last line was cut too.
          assert.match(result.notes.slice(1).join(), /^(?:1 bad in \S+: line \d+ \S+ \S+)?$/);
        }
      }
      const damaged = Buffer.from(packed);
      damaged.fill(0xff, packed.length >> 1, (packed.length >> 1) + 200);
      writeFileSync(join(bucket.directory, 'damaged'), damaged);
      const { rows, notes } = await reading(
        join(bucket.directory, 'damaged'),
        'SELECT count(*) < 60000 FROM flow_logs',
      );
      assert.deepEqual(rows, ['true']);
      assert.equal(notes[0], `unread damaged: its ${packing} data is damaged, and what was read of it may be wrong`);
    }
    const hole = bucket.file(
      'hole',
      Buffer.concat([gzipSync(`${DEFAULT_HEADER}\n${RECORD}\n`), Buffer.alloc(99), gzipSync(`${RECORD}\n`)]),
    );
    const { rows, notes } = await reading(hole, EVERY_COLUMN);
    assert.deepEqual(rows, [RECORD]);
    assert.match(notes.join(), /^unread hole: behind byte \d+ it is no gzip data$/);
  }),
);
