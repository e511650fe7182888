import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { S3_SETTINGS } from '../storage/object/stores/s3.ts';
import { queryCommand } from './query.ts';

test('the verb has every option of S3, in the words of the store', () => {
  const program = new Command();
  queryCommand(program);
  const options = new Map(program.commands[0]!.options.map((option) => [option.flags, option.description]));
  for (const { flag, meaning } of S3_SETTINGS) assert.ok(options.get(flag)?.startsWith(meaning), flag);
});
