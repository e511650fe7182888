/**
 * For tests: the API on a port of loopback, in this process or, run as a program with the path of a state file, in its own.
 *
 * Out: as a program one line, the port. It ends when it is ended.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { openState } from '../../storage/state/state-file.ts';
import { createEc2 } from './create-ec2.ts';
import type { Ec2 } from './create-ec2.ts';

/** Begins to listen; the port. */
export async function listen(ec2: Ec2): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      void ec2.answer({ method, url, headers, body: Buffer.concat(parts) }).then((answer) => {
        response.writeHead(answer.status, answer.headers);
        response.end(answer.body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

if (import.meta.main) {
  const surroundings = {
    checkDestination: () => Promise.resolve(null),
    deliveryError: () => null,
    flowLogsPerResource: 1_000_000,
  };
  const { port } = await listen(createEc2({ state: openState(process.argv[2] ?? '', false), surroundings }));
  console.log(port);
}
