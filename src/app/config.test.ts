import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepingOf } from '../lake/keep/settings.ts';
import { configOf, readConfig } from './config.ts';

const KMS = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

test('a file that is not there leaves everything to the defaults', async () => {
  assert.deepEqual(await readConfig('/nonexistent/flowgauge.json'), {
    accountId: null,
    region: null,
    destination: null,
    reach: { aws: {}, writing: {} },
    limits: {},
    server: {},
    log: {},
    enforce: { isOn: false, seconds: 10 },
    observe: 'auto',
    console: { cacheBytes: 4e9 },
    detection: { isOn: true, everySeconds: 60, only: null, except: [], parameters: {} },
    keeping: keepingOf({}, Error),
    receivers: [],
  });
});

test('a bucket with everything that can be set', () => {
  const config = configOf(
    {
      accountId: '123456789012',
      region: 'eu-west-1',
      destination: 'arn:aws:s3:::flow-bucket/team-a/',
      destinationOptions: { fileFormat: 'parquet', hiveCompatiblePartitions: true, perHourPartition: true },
      aws: { profile: 'logs', endpoint: 'http://127.0.0.1:9000', pathStyle: true },
      objects: { encryption: KMS, ownerControl: true },
      spool: { maxBytes: 1000, maxAgeSeconds: 60, reserveBytes: 0 },
      server: {
        port: 0,
        bind: '::',
        tlsCert: '/c.pem',
        tlsKey: '/k.pem',
        behindProxy: false,
        publicUrl: 'https://f.example',
      },
      log: { format: 'json', level: 'warn' },
      enforce: true,
      enforceSeconds: 2,
      observe: 'no',
      console: { cacheBytes: 0 },
      compact: { enabled: true, expireSeconds: 3600 },
      retention: { days: 30 },
    },
    'x',
  );
  assert.deepEqual(config, {
    accountId: '123456789012',
    region: 'eu-west-1',
    destination: {
      type: 's3',
      bucket: 'flow-bucket',
      prefix: 'team-a',
      fileFormat: 'parquet',
      hive: true,
      hourly: true,
    },
    reach: {
      aws: { profile: 'logs', endpoint: 'http://127.0.0.1:9000', pathStyle: true },
      writing: { encryption: KMS, ownerControl: true },
    },
    limits: { maxBytes: 1000, maxAgeSeconds: 60, reserveBytes: 0 },
    server: {
      port: 0,
      bind: '::',
      tlsCert: '/c.pem',
      tlsKey: '/k.pem',
      behindProxy: false,
      publicUrl: 'https://f.example',
    },
    log: { format: 'json', level: 'warn' },
    enforce: { isOn: true, seconds: 2 },
    observe: 'no',
    console: { cacheBytes: 0 },
    detection: { isOn: true, everySeconds: 60, only: null, except: [], parameters: {} },
    keeping: keepingOf({ compact: { enabled: true, expireSeconds: 3600 }, retention: { days: 30 } }, Error),
    receivers: [],
  });
});

test('detections with their parameters, and who is told of findings', () => {
  const { detection, receivers } = configOf(
    {
      detect: {
        enabled: true,
        only: ['port-scan', 'beacon'],
        except: ['beacon'],
        parameters: { 'port-scan.least': 50, 'beacon.least': '12' },
        everySeconds: 300,
      },
      alerts: [
        { name: 'ops', type: 'webhook', url: 'https://hooks.example/x', least: 'medium' },
        { name: 'sheet', type: 'webhook', url: 'http://127.0.0.1:9/', form: 'json', idempotent: true },
        { name: 'topic', type: 'sns', topicArn: 'arn:aws:sns:eu-west-1:123456789012:alerts.fifo' },
        { name: 'search', type: 'search-index', url: 'https://search.example:9200' },
      ],
    },
    'x',
  );
  assert.deepEqual(detection, {
    isOn: true,
    everySeconds: 300,
    only: ['port-scan', 'beacon'],
    except: ['beacon'],
    parameters: { 'port-scan': { least: '50' }, beacon: { least: '12' } },
  });
  assert.deepEqual(
    receivers.map(({ name, least, knowsKeysSeconds }) => [name, least, knowsKeysSeconds]),
    [
      ['ops', 'medium', 0],
      ['sheet', 'low', Infinity],
      ['topic', 'low', 240],
      ['search', 'low', Infinity],
    ],
  );
});

test('what is wrong with a receiver is said, and a secret is not', () => {
  const webhook = { name: 'ops', type: 'webhook', url: 'https://hooks.example/T0/B0/very-secret' };
  const cases: readonly [unknown, RegExp][] = [
    [{ detect: { enabled: 'no' } }, /"enabled" is "no", not true or false/],
    [{ detect: { everySeconds: 1 } }, /"everySeconds" is 1, not a whole number from 5 to 3600/],
    [{ detect: { only: 'beacon' } }, /"only" is "beacon", not a list of names/],
    [{ detect: { parameters: { least: 5 } } }, /detect.parameters has "least", which is not DETECTION.NAME/],
    [{ alerts: {} }, /alerts is no list/],
    [{ alerts: [{ ...webhook, type: 'mail' }] }, /alerts\[0\].type is not one of webhook, sns, search-index/],
    [{ alerts: [{ ...webhook, channel: '#ops' }] }, /alerts\[0\] has no setting "channel", a webhook has name/],
    [{ alerts: [{ ...webhook, url: 'very-secret' }] }, /alerts\[0\].url is not a URL/],
    [{ alerts: [webhook, webhook] }, /two receivers of alerts are named "ops"/],
    [{ alerts: [{ ...webhook, name: undefined }] }, /alerts\[0\] has no name/],
    [{ alerts: [{ name: 'ops', type: 'webhook', urlFile: '/nonexistent' }] }, /urlFile "\/nonexistent" cannot be read/],
    [{ alerts: [{ name: 't', type: 'sns', topicArn: 'arn:aws:sqs:eu-west-1:123456789012:q' }] }, /no ARN of a topic/],
    [
      { alerts: [{ name: 's', type: 'search-index', url: 'https://s.example', user: 'a' }] },
      /one of user and passwordFile alone/,
    ],
    [
      { alerts: [{ name: 's', type: 'search-index', url: 'https://s.example', signFor: 'es' }] },
      /signs for es and has no region/,
    ],
  ];
  for (const [json, words] of cases)
    assert.throws(
      () => configOf(json, 'the-file'),
      (error: Error) => words.test(error.message) && !error.message.includes('very-secret'),
    );
});

test('ARNs of log groups and streams say region and account too', () => {
  for (const end of ['', ':*']) {
    const { destination, region, accountId, reach } = configOf(
      { destination: `arn:aws:logs:eu-west-1:210987654321:log-group:/vpc/logs${end}` },
      'x',
    );
    assert.deepEqual(destination, { type: 'cloud-watch-logs', logGroup: '/vpc/logs', roleArn: null });
    assert.deepEqual([region, accountId, reach.aws.region], ['eu-west-1', '210987654321', 'eu-west-1']);
  }
  const arn = 'arn:aws:firehose:eu-west-1:210987654321:deliverystream/a';
  assert.deepEqual(configOf({ destination: arn }, 'x').destination, { type: 'kinesis-data-firehose', streamArn: arn });
});

test('what is misspelt, of another kind or no destination is refused by its name', () => {
  const cases: readonly [unknown, RegExp][] = [
    [[], /the file is no object/],
    [{ destinaton: 'x' }, /no setting "destinaton"/],
    [{ spool: { maxBytes: '10GB' } }, /"maxBytes" is "10GB", not a whole number/],
    [{ aws: { endpoint: 'localhost' } }, /"endpoint" is "localhost", not a URL/],
    [{ aws: { endpoint: 'http://' } }, /"endpoint" is "http:\/\/", not a URL/],
    [{ region: '../../out' }, /"region" is "\.\.\/\.\.\/out", not a region/],
    [{ region: 'us east' }, /not a region/],
    [{ region: JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)) }, /"region" is a list or an object, not a region/],
    [{ enforce: 'yes' }, /"enforce" is "yes", not true or false/],
    [{ console: { cacheBytes: '4 GB' } }, /"cacheBytes" is "4 GB", not a whole number/],
    [{ console: { cache: 1 } }, /console has no setting "cache"/],
    [{ observe: true }, /"observe" is true, not one of auto, yes, no/],
    [{ enforceSeconds: 7 }, /"enforceSeconds" is 7, not one of 1, 2, 3, 4, 5, 6, 10/],
    [{ accountId: 123 }, /"accountId" is 123, not twelve digits/],
    [{ destinationOptions: { fileFormat: 'csv' } }, /not plain-text or parquet/],
    [
      {
        destination: 'arn:aws:logs:eu-west-1:210987654321:log-group:a',
        destinationOptions: { perHourPartition: true },
      },
      /destinationOptions are for buckets/,
    ],
  ];
  for (const [json, words] of cases)
    assert.throws(() => configOf(json, 'the-file'), { code: 'FG_CONFIG', message: words });
  for (const destination of [
    's3://bucket',
    'arn:aws:s3:::bucket/AWSLogs/',
    'arn:aws:s3:::bucket/a/../b',
    'arn:aws:s3:::../a',
    'arn:aws:s3:::a b/c',
    'arn:aws:sqs:::a',
  ])
    assert.throws(() => configOf({ destination }, 'x'), { code: 'FG_DESTINATION_ARN' });
  assert.throws(() => configOf({ objects: { encryption: 'alias/logs' } }, 'x'), { code: 'FG_KMS_KEY' });
});
