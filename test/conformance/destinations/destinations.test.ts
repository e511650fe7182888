import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { bucketDestination } from '../../../src/publish/destinations/bucket.ts';
import { directoryStore } from '../../../src/storage/object/stores/directory.ts';
import { startProxy } from '../../servers/proxy.ts';
import type { Proxy } from '../../servers/proxy.ts';
import { fakeLogs } from './fake-logs.ts';
import type { FakeLogs } from './fake-logs.ts';
import { fakeS3 } from './fake-s3.ts';
import type { FakeS3 } from './fake-s3.ts';
import { flowLogTo } from './segments.ts';
import { firehoseSubject, logsSubject, recordOfEntry, recordsIn, s3Subject, userIn } from './subjects.ts';
import { conformance } from './suite.ts';

const SLOT = Date.UTC(2026, 10, 23, 12, 5) / 1000;
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-destinations-'));
const credentials = join(scratch, 'credentials');
const user = userIn(credentials, 'AKIAEXAMPLE', 'secret', true, 500);
const kept = { ...process.env };

before(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = credentials;
  process.env['AWS_CONFIG_FILE'] = '/dev/null';
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
});
after(() => {
  process.env = kept;
  rmSync(scratch, { recursive: true });
});

suite('a directory', () => {
  const root = join(scratch, 'bucket');
  const spec = {
    type: 's3',
    bucket: 'local',
    prefix: '',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  } as const;
  /** Puts a file where the directory was. */
  const gone = () => {
    mkdirSync(root, { recursive: true });
    renameSync(root, `${root}.away`);
    writeFileSync(root, '');
    return Promise.resolve(() => {
      rmSync(root);
      renameSync(`${root}.away`, root);
    });
  };
  conformance(() =>
    Promise.resolve({
      name: 'directory',
      exactlyOnce: true,
      flowLog: flowLogTo(spec),
      slotSeconds: SLOT,
      destination: () => bucketDestination(directoryStore(root)),
      records: () => recordsIn(directoryStore(root)),
      troubles: { 'it is gone': { make: gone, codes: ['FG_NOT_A_DIRECTORY'] } },
    }),
  );
});

const isRoot = process.getuid?.() === 0;
suite('a directory on a small disk', { skip: isRoot ? false : 'needs root to mount one' }, () => {
  const root = join(scratch, 'small');
  before(() => {
    mkdirSync(root);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'flowgauge-test', root]);
  });
  after(() => execFileSync('umount', [root]));
  const spec = {
    type: 's3',
    bucket: 'local',
    prefix: '',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  } as const;
  const full = () => {
    const filler = join(root, 'filler');
    try {
      writeFileSync(filler, Buffer.alloc(4 << 20));
    } catch {
      // As much as there is room for.
    }
    return Promise.resolve(() => rmSync(filler));
  };
  conformance(() =>
    Promise.resolve({
      name: 'small directory',
      exactlyOnce: true,
      flowLog: flowLogTo(spec),
      slotSeconds: SLOT,
      destination: () => bucketDestination(directoryStore(root)),
      records: () => recordsIn(directoryStore(root)),
      troubles: { 'its disk is full': { make: full, codes: ['FG_DISK_FULL'] } },
    }),
  );
});

suite('S3', () => {
  let server: FakeS3;
  let proxy: Proxy;
  before(async () => {
    server = await fakeS3();
    proxy = await startProxy(server.endpoint);
  });
  after(async () => {
    await proxy.stop();
    server.stop();
  });
  conformance(() => Promise.resolve(s3Subject('S3', proxy, 'flow-bucket', SLOT, user)));
  test('no parts are left', () => assert.equal(server.uploads.size, 0));
});

suite('CloudWatch Logs', () => {
  let server: FakeLogs;
  let proxy: Proxy;
  before(async () => {
    server = await fakeLogs((SLOT + 600) * 1000);
    proxy = await startProxy(server.endpoint);
  });
  after(async () => {
    await proxy.stop();
    server.stop();
  });
  conformance(() =>
    Promise.resolve(
      logsSubject(proxy, '/vpc/logs', SLOT, user, () => {
        const streams = [...(server.groups.get('/vpc/logs')?.values() ?? [])];
        return Promise.resolve(streams.flat().map(({ message }) => message));
      }),
    ),
  );
  test('each interface has a stream of its own', () => {
    for (const [name, events] of server.groups.get('/vpc/logs')!) {
      assert.match(name, /^eni-0123456789abcdef[012]-all$/);
      assert.ok(events.every(({ message }) => message.startsWith(`2 123456789012 ${name.slice(0, -4)} `)));
      assert.ok(events.every(({ message, timestamp }) => message.split(' ')[10] === String(timestamp / 1000)));
    }
  });
});

suite('Firehose', () => {
  let server: FakeLogs;
  let proxy: Proxy;
  before(async () => {
    server = await fakeLogs((SLOT + 600) * 1000);
    proxy = await startProxy(server.endpoint);
  });
  after(async () => {
    await proxy.stop();
    server.stop();
  });
  const arn = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/logs';
  conformance(() =>
    Promise.resolve(
      firehoseSubject(proxy, arn, SLOT, user, () => Promise.resolve(server.delivered.map(recordOfEntry))),
    ),
  );
});
