import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import type { Duck } from './duck.ts';
import { openDuck } from './duck.ts';
import { createMacros, MACROS, withMacros } from './macros.ts';
import { PRIVATE_NETWORKS, UNOWNED_NETWORKS } from './well-known.ts';

let duck: Duck;
before(async () => {
  duck = await openDuck({ threads: 1 });
  await createMacros(duck);
});
after(() => duck.close());

/** What an expression over rows of texts gives, row by row. */
async function evaluate(expression: string, rows: readonly (readonly [string, string])[]): Promise<readonly unknown[]> {
  const list = rows.map(([a, b], at) => `(${at}, '${a.replaceAll("'", "''")}', '${b.replaceAll("'", "''")}')`);
  const sql = `SELECT ${expression} FROM (VALUES ${list.join(', ')}) AS given(place, a, b) ORDER BY place`;
  return (await duck.all(sql)).map((row) => row[0]);
}

const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
const ipv4 = octets.map((bytes) => bytes.join('.'));
const ipv6 = fc
  .tuple(fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }), fc.nat(3))
  .map(([groups, form]) => {
    const address = new ipaddr.IPv6(groups);
    const whole = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
    if (form === 0) return address.toNormalizedString();
    if (form === 1) return whole.toUpperCase();
    if (form === 2) return `${whole.slice(0, 30)}${(groups[6] ?? 0) >> 8}.1.2.3`;
    return address.toString();
  });

/** The bytes of an address, IPv6 too with a dotted quad at its end. */
function bytesOf(text: string): number[] {
  return ipaddr.parse(text).toByteArray();
}

function contains(address: string, network: string, bits: number): boolean {
  const [a, n] = [bytesOf(address), bytesOf(network)];
  if (a.length !== n.length) return false;
  for (let at = 0; at < bits; at++) {
    const mask = 128 >> (at % 8);
    if (((a[at >> 3] ?? 0) & mask) !== ((n[at >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

test('tells whether a network holds an address, as bits of both families say', async () => {
  const nearby = fc
    .tuple(fc.oneof(ipv4, ipv6), fc.oneof(ipv4, ipv6), fc.boolean(), fc.nat(128))
    .map(([address, other, same, bits]) => {
      const network = same ? address : other;
      return { address, network, bits: Math.min(bits, bytesOf(network).length * 8) };
    });
  await fc.assert(
    fc.asyncProperty(fc.array(nearby, { minLength: 1, maxLength: 200 }), async (cases) => {
      const got = await evaluate(
        'cidr_contains(a, b)',
        cases.map(({ address, network, bits }) => [address, `${network}/${bits}`]),
      );
      assert.deepEqual(
        got,
        cases.map(({ address, network, bits }) => contains(address, network, bits)),
      );
    }),
    { numRuns: 25 },
  );
});

test('gives NULL for what is no address or no network', async () => {
  const addresses = [
    '',
    '-',
    'x',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.1.2',
    ' 10.0.0.1',
    ':',
    ':::',
    '1::2::3',
  ];
  addresses.push(
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::1.2.3',
    '::1.2.3.400',
    '1:',
  );
  assert.deepEqual(
    await evaluate(
      'coalesce(cidr_contains(a, b), is_private(a))',
      addresses.map((address) => [address, '0.0.0.0/0']),
    ),
    addresses.map(() => null),
  );
  const networks = ['', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0/8', '::/129', 'x/8', '/8'];
  assert.deepEqual(
    await evaluate(
      'cidr_contains(a, b)',
      networks.map((network) => ['10.0.0.1', network]),
    ),
    networks.map(() => null),
  );
  assert.deepEqual(
    await duck.all("SELECT cidr_contains(NULL, '10.0.0.0/8'), cidr_contains('10.0.0.1', NULL), is_private(NULL)"),
    [[null, null, null]],
  );
});

test('tells networks of one length 0, of whole length, and without a length', async () => {
  assert.deepEqual(
    await evaluate('cidr_contains(a, b)', [
      ['198.51.100.7', '0.0.0.0/0'],
      ['198.51.100.7', '198.51.100.7/32'],
      ['198.51.100.7', '198.51.100.7'],
      ['198.51.100.7', '198.51.100.8'],
      ['2001:db8::1', '::/0'],
      ['2001:db8::1', '2001:DB8:0::1'],
      ['2001:db8::1', '0.0.0.0/0'],
      ['198.51.100.7', '::/0'],
    ]),
    [true, true, true, false, true, true, false, false],
  );
});

test('knows private, shared, loopback and link-local addresses to their last one', async () => {
  const inside = ['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.255.255', '100.64.0.0'];
  inside.push('100.127.255.255', '127.0.0.1', '169.254.169.254', 'fc00::', 'fdff::1', 'fe80::1', 'febf:ffff::', '::1');
  const outside = ['9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.169.0.0', '100.63.255.255'];
  outside.push('100.128.0.0', '128.0.0.1', '169.253.0.1', '2001:db8::1', 'fe00::', 'fec0::', '::2', '::', '8.8.8.8');
  const ask = (addresses: readonly string[]): Promise<readonly unknown[]> =>
    evaluate(
      'is_private(a)',
      addresses.map((address) => [address, '']),
    );
  assert.deepEqual(
    await ask(inside),
    inside.map(() => true),
  );
  assert.deepEqual(
    await ask(outside),
    outside.map(() => false),
  );
});

test('knows public addresses as those that are neither private nor without an owner', async () => {
  const edge = (network: string): string[] => {
    const [base = '', bits = ''] = network.split('/');
    const parts = ipaddr.parse(base).toByteArray();
    const last = parts.map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, Number(bits) - at * 8))));
    return [base, ipaddr.fromByteArray(last).toString()];
  };
  const addresses = [...PRIVATE_NETWORKS, ...UNOWNED_NETWORKS].flatMap(edge);
  const after = ['1.0.0.0', '223.255.255.255', '::2', 'feff::', '2001:db8::1', '8.8.8.8', '172.32.0.0'];
  const ask = (macro: string, texts: readonly string[]): Promise<readonly unknown[]> =>
    evaluate(
      `${macro}(a)`,
      texts.map((address) => [address, '']),
    );
  assert.deepEqual([...new Set(await ask('is_public', addresses))], [false]);
  assert.deepEqual([...new Set(await ask('is_public', after))], [true]);
  assert.deepEqual(await ask('is_public', ['x', '10.0.0', '1::2::3']), [null, null, null]);
  assert.deepEqual([...new Set(await ask('is_private', PRIVATE_NETWORKS.flatMap(edge)))], [true]);
});

test('takes a column whatever its name', async () => {
  const names = ['a', 'n', 't', 'p', 'x', 'number', 'net', 'addr', 'cidr', 'free', 'six'];
  for (const name of names) {
    const sql = `SELECT cidr_contains("${name}", '2001:db8::/32'), is_private("${name}") FROM (SELECT '2001:db8::9' AS "${name}")`;
    assert.deepEqual(await duck.all(sql), [[true, false]], name);
  }
});

test('names ports, protocols and flags', async () => {
  assert.deepEqual(
    await duck.all(
      `SELECT protocol_name(6), protocol_name(58), protocol_name(254), protocol_name(NULL), port_name(22), port_name(49152),
        tcp_flag_names(18), tcp_flag_names(7), tcp_flag_names(0), tcp_flag_names(NULL), traffic_path_name(8),
        traffic_path_name(NULL), encryption_name(0), encryption_name(4)`,
    ),
    [
      [
        'tcp',
        'icmpv6',
        null,
        null,
        'ssh',
        null,
        'SYN|ACK',
        'FIN|SYN|RST',
        'none',
        null,
        'internet gateway',
        null,
        'none',
        null,
      ],
    ],
  );
});

test('no text makes a function fail where it is one of a dictionary, as in Parquet', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-macros-'));
  const own = await openDuck({ directories: [directory] });
  try {
    await createMacros(own);
    const texts = [
      '10.0.0.1',
      '2001:db8::1',
      '99999999999.1.2.3',
      '1.2.3.4/99999999999',
      '::',
      'g:h',
      '',
      '12345:1::',
      '.',
    ];
    const list = texts.map((text) => `('${text}')`).join(', ');
    const path = join(directory, 'a.parquet');
    await own.run(`COPY (SELECT a FROM (VALUES ${list}) AS given(a), range(3000)) TO '${path}' (FORMAT parquet)`);
    for (const call of ["cidr_contains(a, '10.0.0.0/8')", 'cidr_contains(a, a)', 'is_private(a)', 'is_public(a)']) {
      const each = `SELECT a, ${call} FROM`;
      const found = await own.all(`SELECT DISTINCT * FROM (${each} read_parquet('${path}')) ORDER BY a`);
      assert.deepEqual(found, await own.all(`${each} (VALUES ${list}) AS given(a) ORDER BY a`), call);
    }
  } finally {
    await own.close();
    rmSync(directory, { recursive: true });
  }
});

test('a macro is made for the first statement that has its name, with those that it uses', async () => {
  const bare = await openDuck({ threads: 1 });
  const own = withMacros(bare);
  const made = async (): Promise<number> =>
    Number((await bare.all("SELECT count(*) FROM duckdb_functions() WHERE function_type = 'macro' AND NOT internal"))[0]![0]); // prettier-ignore
  try {
    assert.deepEqual(await own.all('SELECT 1'), [[1]]);
    assert.equal(await made(), 0);
    assert.deepEqual(await own.all(`SELECT "Is_Private"('10.0.0.1'), IS_PUBLIC('2001:db8::1')`), [[true, true]]);
    const some = await made();
    assert.ok(some > 2);
    assert.deepEqual(await own.kindOf("SELECT cidr_contains('10.0.0.1', '10.0.0.0/8')"), ['SELECT']);
    assert.ok((await made()) > some);
    await own.run('CREATE VIEW named AS SELECT port_name(443) AS name');
    assert.deepEqual(await own.all('SELECT * FROM named'), [['https']]);
    // Whoever misspells one is told of it, made or not.
    await assert.rejects(own.kindOf('SELECT protocol_nam(6)'), /Did you mean "protocol_name"/u);
    for (const { call } of MACROS) {
      const fresh = withMacros(await openDuck({ threads: 1 }));
      const from = "(SELECT '10.0.0.1' AS addr, 1 AS port, 1 AS protocol, 1 AS tcp_flags, 1 AS traffic_path, 1 AS encryption_status)"; // prettier-ignore
      assert.equal((await fresh.all(`SELECT ${call} FROM ${from}`)).length, 1, call);
      await fresh.close();
    }
  } finally {
    await own.close();
  }
});
