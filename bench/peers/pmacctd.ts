/**
 * pmacctd: five-tuples into CSV through its print plugin, in time bins of a minute.
 *
 * Its queue between processes is raised and it is given time to empty it, or it loses packets; its cache is raised to
 * more entries than a minute has flows (an entry takes about 4 kB). It writes once, at the end: its clock is
 * the machine's, and the bins are the packets'. It sleeps before and after, so its wall time means little.
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Contender } from '../contender.ts';
import type { Input } from '../inputs.ts';
import { versionLine } from '../inputs.ts';

export function pmacctd(input: Input): Contender | null {
  const version = versionLine('pmacctd', ['-V'], /Daemon, pmacctd (\S+)/);
  if (version === null) return null;
  return {
    name: 'pmacctd',
    version,
    command(dir) {
      const settings = {
        daemonize: 'false',
        pcap_savefile: input.file,
        pcap_savefile_wait: 'true',
        aggregate: 'src_host,dst_host,src_port,dst_port,proto',
        plugins: 'print[x]',
        'plugin_buffer_size[x]': '102400',
        'plugin_pipe_size[x]': '1024000000',
        'print_refresh_time[x]': '86400',
        'print_history[x]': '1m',
        'print_cache_entries[x]': '300007',
        'print_output[x]': 'csv',
        'print_output_file[x]': join(dir, 'flows.csv'),
        'print_output_file_append[x]': 'true',
      };
      const file = join(dir, 'pmacctd.conf');
      writeFileSync(
        file,
        Object.entries(settings)
          .map(([key, value]) => `${key}: ${value}\n`)
          .join(''),
      );
      return { argv: ['sh', join(import.meta.dirname, 'pmacctd-drained.sh'), file] };
    },
    async counted(dir) {
      let flows = 0;
      let packets = 0;
      let bytes = 0;
      for await (const line of createInterface({ input: createReadStream(join(dir, 'flows.csv')) })) {
        const columns = line.split(',');
        if (columns[0] === 'SRC_IP') continue;
        flows++;
        packets += Number(columns.at(-2));
        bytes += Number(columns.at(-1));
      }
      // Told to stop, it sends its last buffer once more: a few hundred packets too many are its own.
      const extra = packets - input.packets;
      const wrong = extra < 0 || extra > input.packets / 1000 ? `counted ${packets} packets, ${bytes} bytes` : null;
      return { flows, packets, wrong };
    },
  };
}
