/** The rows, by the name that `npm run bench --` takes. */
import type { Row } from './row.ts';

export const ROWS: Readonly<Record<string, () => Promise<Row>>> = {
  P1: async () => (await import('./p1.ts')).p1,
  'P1-model': async () => (await import('./p1.ts')).p1Model,
  P2: async () => (await import('./p2.ts')).p2,
  'P2-day': async () => (await import('./p2.ts')).p2Day,
  'P2-files': async () => (await import('./p2.ts')).p2Files,
  growth: async () => (await import('./growth.ts')).growth,
  threads: async () => (await import('./threads.ts')).threads,
  P5: async () => (await import('./p5.ts')).p5,
  objects: async () => (await import('./objects.ts')).objects,
  diagnose: async () => (await import('./diagnose.ts')).diagnose,
  attribution: async () => (await import('./attribution.ts')).attribution,
  cache: async () => (await import('./cache.ts')).cache,
  explore: async () => (await import('./explore.ts')).explore,
  replay: async () => (await import('./replay.ts')).replay,
  detect: async () => (await import('./detect.ts')).detectTen,
  'detect-week': async () => (await import('./detect.ts')).detectWeek,
  ec2: async () => (await import('./ec2.ts')).ec2,
  console: async () => (await import('./console.ts')).console,
  lake: async () => (await import('./lake.ts')).lake,
  pipe: async () => (await import('./pipe.ts')).pipe,
  'kernel-reading': async () => (await import('./kernel.ts')).kernelReading,
  'kernel-packets': async () => (await import('./kernel.ts')).kernelPackets,
  'kernel-losses': async () => (await import('./kernel.ts')).kernelLosses,
  'kernel-sizes': async () => (await import('./kernel.ts')).kernelSizes,
};
