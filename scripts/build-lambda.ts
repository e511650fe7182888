/**
 * `npm run build:lambda`: the function for AWS Lambda as one file.
 *
 * In:    the clone, or `--out DIR` for another place than `build/lambda`. Out: `DIR/index.mjs`, and its path on stdout.
 * Holds: AWS's clients are in Lambda's own Node and stay out. No native module is in it, and no dynamic import of one.
 * Fails: with what the bundler says.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
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

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'build/lambda') } } });
  console.log(await buildLambda(resolve(values.out)));
}
