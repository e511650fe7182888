/** Everybody who turns a capture into flows and is in Debian; null where it is not installed. */
import type { Contender } from '../contender.ts';
import type { Input } from '../inputs.ts';
import { argus } from './argus.ts';
import { nfpcapd } from './nfpcapd.ts';
import { pmacctd } from './pmacctd.ts';
import { softflowd } from './softflowd.ts';

export const PEERS: Readonly<Record<string, (input: Input) => Contender | null>> = {
  nfpcapd,
  softflowd,
  argus,
  pmacctd,
};
