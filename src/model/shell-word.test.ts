import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shellWord, terraformString } from './shell-word.ts';

test('a shell takes any text as one word and obeys nothing of it', () => {
  for (const text of ['sg-1', '', 'a b', 'sg-1;touch x', '$(id)', '`id`', "it's", '"', '\\', '*', '-n', '#'])
    assert.equal(execFileSync('sh', ['-c', `printf '[%s]' ${shellWord(text)}`], { encoding: 'utf8' }), `[${text}]`);
  assert.equal(shellWord('sg-0a1b'), 'sg-0a1b');
});

test('Terraform interpolates nothing', () => {
  assert.equal(terraformString('sg-1'), '"sg-1"');
  assert.equal(terraformString('a"${file(1)}%{if}$'), '"a\\"$${file(1)}%%{if}$"');
});
