/**
 * Which tables of iptables-legacy a network namespace has: nft does not list them.
 *
 * In:    /proc/net of this process, or of a namespace that is named. Out: names such as `filter`, of both families.
 * Holds: a table is there from its first use on. Root alone may read them.
 * Fails: never; null where it cannot be known.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const FILES = ['/proc/net/ip_tables_names', '/proc/net/ip6_tables_names'];

/** @param namespace  as `ip netns` names it; null: this one */
export async function localLegacyTables(namespace: string | null): Promise<readonly string[] | null> {
  const texts = namespace === null ? await Promise.all(FILES.map(readHere)) : [await readIn(namespace)];
  if (texts.includes(null)) return null;
  return [...new Set(texts.flatMap((text) => text!.split('\n')).filter((name) => name !== ''))];
}

async function readHere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    // A kernel without iptables-legacy has no such file.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? '' : null;
  }
}

function readIn(namespace: string): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const command = [
    'netns',
    'exec',
    namespace,
    'sh',
    '-c',
    `for f in ${FILES.join(' ')}; do [ ! -e $f ] || cat $f; done`,
  ];
  execFile('ip', command, (error, text) => resolve(error === null ? text : null));
  return promise;
}
