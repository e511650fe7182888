/**
 * The screen *Flow logs* in a browser: a flow log is made, looked at, tagged, replaced and deleted; what is not covered; what a
 * key that may only read sees.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { FlowLogsAnswer } from '../../src/api/flow-logs.ts';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import type { TestConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { DEFAULT_FORMAT } from '../../src/record/format.ts';
import { NO_BROWSER, visit } from './browser.ts';

const ACCOUNT = '123456789012';
const VPC = 'vpc-0123456789abcdef0';
const HOSTILE = '<img src=x onerror=alert(1)>';
const skip = { skip: NO_BROWSER };

/** A console over a network of two subnets with twelve interfaces. */
async function open(context: TestContext): Promise<TestConsole & { readonly directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-web-logs-'));
  context.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'bucket'));
  const console = await startConsole(context, { directory, folder: WEB_FOLDER });
  const { facts } = console.context.control;
  facts.change(
    Date.now() * 1000,
    () => {
      const scope = facts.scope(ACCOUNT, 'us-east-1');
      const named = (Value: string): object[] => [{ Key: 'Name', Value }];
      scope.put('Vpcs', VPC, { VpcId: VPC, OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16', Tags: named('shop') });
      for (const [i, name] of ['web', 'data'].entries()) {
        const SubnetId = `subnet-0123456789abcdef${i}`;
        const of = { VpcId: VPC, CidrBlock: `10.0.${i}.0/24`, AvailabilityZoneId: `use1-az${i + 1}` };
        scope.put('Subnets', SubnetId, { SubnetId, ...of, Tags: named(name) });
        for (let n = 0; n < 6; n++) {
          const NetworkInterfaceId = `eni-0123456789abcde${i}${n}`;
          const at = { VpcId: VPC, SubnetId, PrivateIpAddress: `10.0.${i}.${n + 5}` };
          scope.put('NetworkInterfaces', NetworkInterfaceId, {
            NetworkInterfaceId,
            ...at,
            TagSet: named(n === 0 ? HOSTILE : `${name}-${n}`),
          });
        }
      }
    },
    () => {},
  );
  return { ...console, directory };
}

/** A flow log of a subnet, with a ledger entry and a segment that waits. */
async function withFlowLog(console: TestConsole & { readonly directory: string }): Promise<string> {
  const own = await console.browser();
  const { json } = await own.ask<{ flowLogIds: string[] }>('POST', '/api/flow-logs', {
    region: 'us-east-1',
    check: false,
    resourceType: 'Subnet',
    resourceIds: ['subnet-0123456789abcdef0'],
    traffic: 'ALL',
    intervalSeconds: 60,
    format: DEFAULT_FORMAT,
    destination: {
      type: 's3',
      place: 'arn:aws:s3:::local/',
      role: '',
      fileFormat: 'plain-text',
      hive: false,
      hourly: false,
    },
    tags: { Name: 'everything of web', Team: HOSTILE },
    clientToken: 'a',
  });
  const id = json.flowLogIds[0]!;
  const slot = Math.floor(Date.now() / 300_000) * 300;
  const stamp = `${new Date(slot * 1000).toISOString().slice(0, 16).replaceAll(/[-:]/gu, '')}Z`;
  const day = new Date(slot * 1000).toISOString().slice(0, 10).replaceAll('-', '/');
  const key = `AWSLogs/${ACCOUNT}/vpcflowlogs/us-east-1/${day}/${ACCOUNT}_vpcflowlogs_us-east-1_${id}_${stamp}_01234567.log.gz`;
  const windows = Array.from({ length: 6 }, (_, i) => ({
    i: `eni-0123456789abcde0${i}`,
    at: slot,
    s: 60,
    counted: 1000 + i,
    records: 30,
    packets: 990,
    filtered: 8 + i,
    lost: { 'table-full': 2 },
  }));
  const path = join(console.directory, 'bucket/_flowgauge/ledger', `${key}.json`);
  mkdirSync(join(path, '..'), { recursive: true });
  const entry = { ledger: 2, key, sizeBytes: 4096, sha256: 'x', records: 180, packets: 5940, lostPackets: 12 };
  const made = { ...entry, flowLogId: id, slotSeconds: slot, segment: 's', segmentCrc32: 0, after: 0, windows };
  writeFileSync(path, JSON.stringify(made));
  mkdirSync(join(console.directory, 'spool'));
  writeFileSync(join(console.directory, 'spool', `${id}_${slot}_1.segment`), 'x'.repeat(5000));
  return id;
}

test(
  'a flow log is made step by step, with its destination asked and its format seen before',
  skip,
  async (context) => {
    const console = await open(context);
    const { page, axe, shoot } = await visit(context, console.link('/flow-logs'), { height: 1000 });
    await page.getByText('Nothing is recorded.').waitFor();
    await axe('no flow logs');
    await page.getByRole('button', { name: 'Create flow logs' }).click();
    await page.getByRole('heading', { name: 'Create flow logs', level: 1 }).waitFor();
    await page.getByRole('radio', { name: /Subnets/ }).check();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByText('Choose at least one resource.').first().waitFor();
    await axe('a step that lacks something');
    await page.getByRole('checkbox', { name: 'web' }).check();
    await shoot('flow-logs-create-resources');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('radio', { name: /^Rejected/ }).check();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByText('CreateFlowLogs would take this.').waitFor();
    await page.getByRole('combobox', { name: 'Bucket' }).fill('arn:aws:s3:::local/AWSLogs/');
    await page
      .getByText(/AWSLogs is a reserved prefix/)
      .first()
      .waitFor();
    await axe('a destination that is refused');
    await shoot('flow-logs-create-destination');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('combobox', { name: 'Bucket' }).fill('arn:aws:s3:::local/rejected/');
    await page.getByText('CreateFlowLogs would take this.').waitFor();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    const format = page.getByLabel('Log format', { exact: true }).last();
    await format.fill('${version} ${srcadr}');
    await page.getByText(/names the field "srcadr"/).waitFor();
    await axe('a format that is none');
    await format.fill('${version} ${srcaddr} ${dstaddr}');
    await page
      .getByText('3 172.31.16.139', { exact: false })
      .or(page.getByText('2 172.31.16.139', { exact: false }))
      .first()
      .waitFor();
    await page.getByPlaceholder('Find by name, version or meaning').fill('flow-direction');
    await page.getByRole('checkbox', { name: 'flow-direction' }).check();
    await page.getByText('version srcaddr dstaddr flow-direction').waitFor();
    await axe('the format');
    await shoot('flow-logs-create-format');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByLabel('Value of tag 1').fill('rejected in web');
    await axe('tags');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await axe('the review');
    await shoot('flow-logs-create-review');
    await page.getByRole('button', { name: 'Create flow logs' }).click();
    await page.getByText(/is made\. The first records/).waitFor();
    await page
      .getByRole('row', { name: /rejected in web/ })
      .first()
      .waitFor();
    const own = await console.browser();
    const { json } = await own.ask<FlowLogsAnswer>('GET', '/api/flow-logs');
    const [row] = json.flowLogs;
    assert.deepEqual(
      [row?.name, row?.resourceId, row?.traffic, row?.intervalSeconds, row?.format, row?.destination.place],
      [
        'rejected in web',
        'subnet-0123456789abcdef0',
        'REJECT',
        60,
        '${version} ${srcaddr} ${dstaddr} ${flow-direction}',
        'arn:aws:s3:::local/rejected/',
      ],
    );
  },
);

test('details tell deliveries, the ledger, the format and tags; hostile names stay text', skip, async (context) => {
  const console = await open(context);
  const id = await withFlowLog(console);
  const { page, axe, shoot } = await visit(context, console.link(`/flow-logs?v=1&id=${id}&last=24h`), {
    width: 1920,
    height: 1080,
  });
  await page.getByText('Interfaces covered now').waitFor();
  await axe('about a flow log');
  await shoot('flow-logs-about');
  await page.getByRole('tab', { name: 'Delivery and ledger' }).click();
  await page.getByText('Packets counted').waitFor();
  assert.ok(await page.getByText('6,015').isVisible());
  await page.getByText('12: the table of flows was full').waitFor();
  await axe('the ledger');
  await shoot('flow-logs-ledger');
  await page.getByRole('tab', { name: 'Format' }).click();
  await page.getByText(/saved queries these records answer/).waitFor();
  await page.getByRole('button', { name: 'Query by query' }).click();
  await axe('what the format answers');
  await shoot('flow-logs-format');
  await page.getByRole('tab', { name: 'Tags' }).click();
  assert.ok(await page.getByText(HOSTILE).first().isVisible());
  await page.getByRole('tab', { name: 'Coverage' }).click();
  await page.getByRole('heading', { name: 'VPCs and subnets' }).waitFor();
  await page.getByText(HOSTILE).first().waitFor();
  await axe('coverage');
  await shoot('flow-logs-coverage');
});

test('by keyboard alone: chosen, tagged, replaced and deleted', skip, async (context) => {
  const console = await open(context);
  await withFlowLog(console);
  const { page, tabTo, axe, shoot } = await visit(context, console.link('/flow-logs'));
  const enter = (): Promise<void> => page.keyboard.press('Enter');
  const act = async (downs: number): Promise<void> => {
    await tabTo({ role: 'button', name: /Actions/ });
    await enter();
    for (let i = 0; i < downs; i++) await page.keyboard.press('ArrowDown');
    await enter();
  };
  await page
    .getByRole('row', { name: /everything of web/ })
    .first()
    .waitFor();
  await tabTo({ role: 'radio', name: /everything of web/ });
  await page.keyboard.press('Space');
  await page.getByText('Interfaces covered now').waitFor();
  await page.locator('#top a').first().focus();
  await act(1);
  await page.getByRole('dialog', { name: /Tags of/ }).waitFor();
  await axe('the dialog of tags');
  await tabTo({ role: 'textbox', name: /Value of tag 1/ });
  await page.keyboard.press('Control+a');
  await page.keyboard.type('all of web');
  await tabTo({ role: 'button', name: /Save/ });
  await enter();
  await page
    .getByRole('row', { name: /all of web/ })
    .first()
    .waitFor();
  await page.locator('#top a').first().focus();
  await act(0);
  await page.getByRole('heading', { level: 1, name: /Replace all of web/ }).waitFor();
  await axe('replacing');
  await shoot('flow-logs-replace');
  await tabTo({ role: 'radio', name: /1 minute/ });
  await page.keyboard.press('ArrowDown');
  await tabTo({ role: 'button', name: /Replace/ }, 200);
  await enter();
  await page.getByText(/takes over from/).waitFor();
  await page.getByText('Begins soon').first().waitFor();
  await page.getByText('Ends soon').first().waitFor();
  await axe('a flow log that is being replaced');
  await shoot('flow-logs-replaced');
  await page.locator('#top a').first().focus();
  await act(2);
  await page.getByRole('dialog', { name: /Delete/ }).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Delete', exact: true }).isDisabled());
  await axe('the dialog of deleting');
  await tabTo({ role: 'textbox', name: /Type delete/ });
  await page.keyboard.type('delete');
  await enter();
  await page.getByText(/is deleted\. What it published stays/).waitFor();
});

test('a key that may read sees all and is offered nothing that changes it', skip, async (context) => {
  const console = await open(context);
  const id = await withFlowLog(console);
  const { page, axe } = await visit(context, console.link(`/flow-logs?v=1&id=${id}`, console.addKey('read')));
  await page.getByText('Interfaces covered now').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Create flow logs' }).getAttribute('aria-disabled'), 'true');
  assert.equal(await page.getByRole('button', { name: 'Actions' }).getAttribute('aria-disabled'), 'true');
  await axe('a key that may read');
  await page.goto(`${console.url}/console/flow-logs?v=1&doing=create`);
  await page.getByText('Your key may only read').waitFor();
});
