/**
 * The import order: the one table that the checks read.
 *
 * In:    nothing. Out: the folders of `src/` in the order in which a packet passes them.
 * Holds: a file may import from its own folder and from folders above it. A folder and the folders inside it are one
 *        step (`record/` prints with `record/fields/`, which takes its types from `record/`): there only cycles between
 *        files are refused. Folders side by side go by the order of this table.
 */

export type Layer = {
  /** Folder under `src/`; the longest entry that fits a file is its layer. */
  readonly folder: string;
  /** No I/O, nothing from Node; `tsconfig.pure.json` checks the types of these. */
  readonly pure?: true;
};

/** From the first folder of the data's way to the last. */
export const LAYERS: readonly Layer[] = [
  { folder: 'model', pure: true },
  { folder: 'api', pure: true },
  { folder: 'network/vpc', pure: true },
  { folder: 'network/verdict', pure: true },
  { folder: 'collect/privileged' },
  { folder: 'collect/kernel' },
  { folder: 'collect/capture' },
  { folder: 'collect/capture/decode', pure: true },
  { folder: 'collect/capture/sources' },
  { folder: 'collect/aggregate', pure: true },
  { folder: 'record', pure: true },
  { folder: 'record/fields', pure: true },
  { folder: 'storage/object' },
  { folder: 'storage/object/stores' },
  { folder: 'storage/duck' },
  { folder: 'storage/state' },
  { folder: 'publish' },
  { folder: 'publish/destinations' },
  { folder: 'lake/read' },
  { folder: 'lake/keep' },
  { folder: 'lake' },
  { folder: 'query' },
  { folder: 'query/saved' },
  { folder: 'query/engines' },
  { folder: 'query/explore' },
  { folder: 'explain' },
  { folder: 'explain/changes' },
  { folder: 'watch' },
  { folder: 'watch/events' },
  { folder: 'watch/mappings' },
  { folder: 'watch/sinks' },
  { folder: 'watch/detections' },
  { folder: 'watch/alerts' },
  { folder: 'control' },
  { folder: 'control/ec2' },
  { folder: 'control/ec2/actions' },
  { folder: 'control/import' },
  { folder: 'app' },
  { folder: 'app/collector' },
  { folder: 'app/server' },
  { folder: 'app/agent' },
  { folder: 'app/lab' },
  { folder: 'cli' },
];

/** Position in `LAYERS` of the layer that holds a file, as `src/record/print.ts`; -1 where no layer does. */
export function layerOf(path: string): number {
  let best = -1;
  for (const [position, layer] of LAYERS.entries()) {
    if (!path.startsWith(`src/${layer.folder}/`)) continue;
    if (best < 0 || layer.folder.length > LAYERS[best]!.folder.length) best = position;
  }
  return best;
}

/** May a file of layer `from` import one of layer `to`? Both are positions. */
export function mayImport(from: number, to: number): boolean {
  const a = LAYERS[from]!.folder;
  const b = LAYERS[to]!.folder;
  return to <= from || b.startsWith(`${a}/`);
}
