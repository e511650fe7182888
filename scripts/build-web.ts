/**
 * `npm run build:web`: the console's files, packed, and looked at for size.
 *
 * In:    web/; `--if-missing`: nothing is done where they are there. Out: web/dist, with a Brotli file beside each file that gets
 *        smaller; a line for what the first screen loads.
 * Holds: the first screen's scripts and styles keep to web/sizes.json.
 * Fails: exit 1 with what Vite said, or what is too large.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { listFiles, ROOT } from './files.ts';

/** Of Vite's manifest, by source. */
type Chunk = {
  readonly file: string;
  readonly isEntry?: true;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
};
type Manifest = Readonly<Record<string, Chunk>>;

const DIST = join(ROOT, 'web', 'dist');
const brotli = promisify(brotliCompress);

const { values } = parseArgs({ options: { 'if-missing': { type: 'boolean', default: false } } });
if (!values['if-missing'] || !existsSync(join(DIST, 'index.html'))) await make();

/** Null where only what runs is installed. */
async function loadVite(): Promise<typeof import('vite') | null> {
  try {
    return await import('vite');
  } catch (error) {
    if (!values['if-missing']) throw error;
    console.error('build-web: the console is not built, for its tools are not installed; `npm ci` brings them');
    return null;
  }
}

async function make(): Promise<void> {
  const vite = await loadVite();
  if (vite === null) return;
  await vite.build({ configFile: join(ROOT, 'web', 'vite.config.ts'), logLevel: 'warn' });
  const sizes = new Map<string, number>();
  // On all cores: packing takes as long as building.
  const pack = async (path: string): Promise<void> => {
    const bytes = readFileSync(join(DIST, path));
    const packed = await brotli(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    sizes.set(path, Math.min(bytes.length, packed.length));
    if (packed.length < bytes.length) writeFileSync(join(DIST, `${path}.br`), packed);
  };
  await Promise.all(listFiles(DIST).map(pack));
  const manifest = JSON.parse(readFileSync(join(DIST, 'manifest.json'), 'utf8')) as Manifest;
  const { limits, firstScreen } = JSON.parse(readFileSync(join(ROOT, 'web', 'sizes.json'), 'utf8')) as {
    readonly limits: { readonly scriptBytes: number; readonly styleBytes: number };
    readonly firstScreen: readonly string[];
  };
  const { scripts, styles } = loadedBy(manifest, ['index.html', ...firstScreen]);
  const total = (paths: ReadonlySet<string>): number => [...paths].reduce((sum, path) => sum + sizes.get(path)!, 0);
  const [scriptBytes, styleBytes] = [total(scripts), total(styles)];
  console.log(`first screen, with Brotli: ${scriptBytes} bytes of script, ${styleBytes} of styles`);
  if (scriptBytes <= limits.scriptBytes && styleBytes <= limits.styleBytes) return;
  const most = `${limits.scriptBytes} and ${limits.styleBytes}`;
  console.error(`build-web: more than web/sizes.json allows (${most}); load less at first, or say there why not`);
  process.exit(1);
}

/** What the browser loads for some sources: they, and what they import at their top. */
function loadedBy(manifest: Manifest, sources: readonly string[]): { scripts: Set<string>; styles: Set<string> } {
  const scripts = new Set<string>();
  const styles = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`build-web: ${name} is not in Vite's manifest`);
    if (scripts.has(chunk.file)) return;
    scripts.add(chunk.file);
    for (const css of chunk.css ?? []) styles.add(css);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const source of sources) visit(source);
  return { scripts, styles };
}
