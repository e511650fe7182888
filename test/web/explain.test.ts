/**
 * *Rejected*, *Diagnose*, *What-if* and *Rules* in a browser: the way from a reject to its fix, tried and exported.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startConsole } from '../../src/app/server/console/console.fixture.ts';
import { WEB_FOLDER } from '../../src/app/server/console/static-files.ts';
import { NO_BROWSER, visit } from './browser.ts';
import { HOSTILE, NOW_MILLIS, RANGE, threeTiers } from './three-tiers.ts';

test('screens that explain', { skip: NO_BROWSER }, async (context) => {
  const place = await threeTiers();
  context.after(() => place.remove());
  const { directory } = place;
  const { link } = await startConsole(context, { directory, folder: WEB_FOLDER, now: () => NOW_MILLIS });

  await context.test('from a reject to its cause, its steps and its fix, tried and exported', async (own) => {
    const { page, axe, shoot } = await visit(own, link(`/rejected?v=1&${RANGE}`), { width: 1280, height: 2600 });
    const table = page.getByRole('table', { name: 'Causes of rejects' });
    await table.getByText('Newly rejected: passed before').waitFor();
    await page.getByText('1 flow passed until this change').waitFor();
    await axe('Rejected');
    await shoot('rejected');
    const [, first] = await table.getByRole('row').all();
    assert.match(
      (await first!.textContent())!,
      /No rule of app \(sg-0app\) admits it.*app-1.*30.*10\.0\.1\.10.*tcp 8080/,
    );
    await first!.getByRole('cell').nth(1).click();
    await page.getByRole('heading', { level: 2, name: 'No rule of app (sg-0app) admits it' }).waitFor();
    await page.getByText('sgr-0app8081').first().waitFor();
    await axe('Rejected with a cause');
    await shoot('rejected-cause');
    assert.match(page.url(), /cause=/);
    await first!.getByRole('link', { name: /^Diagnose / }).click();
    await page.getByRole('heading', { level: 1, name: 'Diagnose' }).waitFor();
    await page.getByText(/^Blocked: tcp 8080 from/).waitFor();
    await page.getByText('Asked again with this change, request and reply pass.').waitFor();
    await axe('Diagnose, blocked');
    await shoot('diagnose');
    await page.getByRole('tab', { name: 'Terraform' }).click();
    await page.getByText('aws_vpc_security_group_ingress_rule').waitFor();
    await page.getByRole('button', { name: 'Try it in What-if' }).click();
    await page.getByRole('heading', { level: 1, name: 'What-if' }).waitFor();
    await page.getByText('The change blocks no conversation that passed').waitFor();
    await page.getByText('tcp 8080 into').first().waitFor();
    await axe('What-if with an answer');
    await shoot('what-if');
    assert.match(
      (await page.getByLabel('Commands of aws-cli', { exact: true }).textContent())!,
      /authorize-security-group-ingress --group-id sg-0app/,
    );
  });

  await context.test('what a change would block is said, with what decides before and after', async (own) => {
    const change = JSON.stringify({
      changes: [
        { do: 'remove-rule', rule: 'sgr-0web443' },
        { do: 'remove-rule', rule: 'sgr-0nobody' },
      ],
    });
    const { page, axe, shoot } = await visit(own, link(`/what-if?v=1&${RANGE}&change=${encodeURIComponent(change)}`), {
      height: 2600,
    });
    await page.getByText('The change blocks 180 conversations that passed').waitFor();
    await page.getByText('Step 2 has no effect: the network does not have sgr-0nobody.').waitFor();
    await page.getByText('accepted by sgr-0web443').waitFor();
    await axe('What-if that blocks');
    await shoot('what-if-blocks');
  });

  await context.test(
    'rules have their hits and marks; a group gets its suggestion, which can be tried',
    async (own) => {
      const { page, axe, shoot } = await visit(own, link(`/rules?v=1&${RANGE}`), { height: 2200 });
      const table = page.getByRole('table', { name: 'Rules' });
      await table.getByText('Wider than used').first().waitFor();
      await axe('Rules');
      await shoot('rules');
      await page
        .getByRole('radio', { name: /^Unused/ })
        .or(page.getByRole('button', { name: /^Unused/ }))
        .first()
        .click();
      await table.getByText('ingress tcp 22 from 192.0.2.0/24').waitFor();
      await page.goto(link(`/rules?v=1&${RANGE}&of=sg-0db`));
      await page.getByRole('button', { name: 'Suggest rules' }).click();
      await page.getByText('these rules block none that they were made for').waitFor();
      await axe('Rules of a group, with the suggestion');
      await shoot('rules-suggestion');
      // Where there is less room than rules the way out is a button, and the address has it.
      await page.getByRole('textbox', { name: 'Rules for a direction' }).fill('none');
      await page.getByRole('button', { name: 'Suggest again' }).click();
      await page.getByText('Give a whole number up to 9999.', { exact: true }).waitFor();
      await page.getByRole('textbox', { name: 'Rules for a direction' }).fill('1');
      await page.getByRole('textbox', { name: /^Widen IPv4/ }).fill('/8');
      await page.getByRole('button', { name: 'Suggest again' }).click();
      await page.getByText('of 1 that there may be').waitFor();
      assert.match(page.url(), /limit=1&widen4=8/);
      await axe('a suggestion with a limit');
      await page.getByRole('button', { name: 'Try it in What-if' }).click();
      await page.getByText('The change blocks no conversation that passed').waitFor();
    },
  );

  await context.test('by keyboard alone two ends are diagnosed; what is hostile stays text', async (own) => {
    const { page, tabTo, axe, shoot } = await visit(own, link(`/diagnose?v=1&${RANGE}`), { height: 2200 });
    await axe('Diagnose, nothing asked');
    await tabTo({ name: /From/ });
    await page.keyboard.type('eni-0app2');
    await page.keyboard.press('Escape');
    await tabTo({ name: /To/ });
    await page.keyboard.type('10.0.3.10');
    await page.keyboard.press('Escape');
    await tabTo({ name: /Port/ });
    await page.keyboard.press('Enter');
    await page.getByText('tcp needs the port that is talked to.').waitFor();
    await axe('Diagnose with a fault');
    await page.keyboard.type('6379');
    await page.keyboard.press('Enter');
    await page.getByText(/^Blocked: tcp 6379 from/).waitFor();
    assert.ok((await page.getByText(HOSTILE).count()) > 0, 'the name is shown as it is');
    assert.equal(await page.title(), 'Diagnose | flowgauge');
    await shoot('diagnose-keyboard');
  });

  await context.test('what was never asked, cannot be asked or is not there is said', async (own) => {
    const { page, axe } = await visit(
      own,
      link(`/diagnose?v=1&${RANGE}&source=eni-0nobody&destination=10.0.3.10&port=1`),
    );
    await page.getByText('FG_DIAGNOSE_END').waitFor();
    await axe('Diagnose, failed');
    await page.goto(link('/rejected?v=1&from=1000&to=2000'));
    await page.getByText('No flow logs of this time range').waitFor();
    await axe('Rejected, empty');
    await page.goto(link(`/what-if?v=1&change=nonsense&${RANGE}`));
    await page.getByRole('heading', { level: 2, name: 'The change' }).waitFor();
    await axe('What-if, nothing asked');
  });
});
