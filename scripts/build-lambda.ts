/**
 * `npm run build:lambda`: the function for AWS Lambda as one file.
 *
 * In:    the clone, or `--out DIR` for another place than `build/lambda`. Out: `DIR/index.mjs`, `DIR/lambda.zip` with it, and the path of the
 *        latter on stdout.
 * Holds: the same clone gives the same bytes. AWS's clients are in Lambda's own Node and stay out. No native module is in it, and no dynamic import of one.
 * Fails: with what the bundler says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { crc32, deflateRawSync } from 'node:zlib';
import { build } from 'vite';
import { ROOT } from './files.ts';

/** What Lambda's runtime has. */
const OF_RUNTIME = /^@(?:aws-sdk|smithy|aws-crypto)\//;

/** Builds it into a directory; the path of the file. */
export async function buildLambda(out: string): Promise<string> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: [] },
    build: {
      ssr: join(ROOT, 'src/watch/lambda.ts'),
      outDir: out,
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      rolldownOptions: {
        external: OF_RUNTIME,
        output: { entryFileNames: 'index.mjs', codeSplitting: false },
      },
    },
  });
  return join(out, 'index.mjs');
}

/** The first day that a zip file can tell. */
const DATE = (1 << 5) | 1;
const DEFLATED = 8;
/** Made on Unix; a file that all may read. */
const UNIX = (3 << 8) | 20;
const MODE = 0o100644;

/**
 * A zip file with one file in it.
 *
 * @see PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16
 */
export function zipOf(name: string, content: Uint8Array): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(DEFLATED, 4);
  shared.writeUInt16LE(DATE, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, Buffer.from(name), packed]);
  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE((MODE << 16) >>> 0, 6);
  const made = Buffer.alloc(2);
  made.writeUInt16LE(UNIX);
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), made, shared, attributes, Buffer.from(name)]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'build/lambda') } } });
  const out = resolve(values.out);
  const zip = join(out, 'lambda.zip');
  writeFileSync(zip, zipOf('index.mjs', readFileSync(await buildLambda(out))));
  console.log(zip);
}
