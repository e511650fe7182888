/** What a child has said so far, and a wait for words to come: each wait goes on behind the words of the one before. */
import type { ChildProcess } from 'node:child_process';

export type Said = { readonly text: () => string; readonly says: (words: string) => Promise<void> };

export function listen(child: ChildProcess): Said {
  let text = '';
  let from = 0;
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const look of waiting) look();
    });
  return {
    text: () => text,
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const at = text.indexOf(words, from);
          if (at < 0) return;
          from = at + words.length;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        child.once('exit', () => reject(new Error(`ended without "${words}": ${text}`)));
        look();
      }),
  };
}
