/**
 * Our control API alone on a port of loopback, for measuring.
 *
 * In:    a directory, the number of interfaces. Out: one line of JSON with the port and the key, once it listens.
 * Holds: interfaces are put in place before; everything else comes through the API. It ends when its standard input does.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createEc2 } from '../../src/control/ec2/create-ec2.ts';
import { addKey } from '../../src/control/keys.ts';
import { openCurrentFacts } from '../../src/storage/state/current-facts.ts';
import { openState } from '../../src/storage/state/state-file.ts';
import { interfaceId } from './calls.ts';

const [directory = '', count = ''] = process.argv.slice(2);
const state = openState(join(directory, 'state.sqlite'), true);
const key = addKey(state, { account: '123456789012', role: 'operate', forSeconds: null }, new Date());
const facts = openCurrentFacts(state);
const scope = facts.scope(key.account, 'us-east-1');
facts.change(
  Date.now() * 1000,
  () => {
    for (let i = 0; i < Number(count); i++) {
      const id = interfaceId(i);
      scope.put('NetworkInterfaces', id, {
        NetworkInterfaceId: id,
        OwnerId: key.account,
        VpcId: 'vpc-01',
        SubnetId: 'subnet-01',
        PrivateIpAddress: `10.0.${i >> 8}.${i & 255}`,
        Status: 'available',
      });
    }
  },
  () => {},
);
const surroundings = {
  checkDestination: () => Promise.resolve(null),
  deliveryError: () => null,
  flowLogsPerResource: 250,
};
const ec2 = createEc2({ state, surroundings });
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
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(JSON.stringify({ port, accessKeyId: key.id, secretAccessKey: key.secret }));
});
process.stdin.resume().on('end', () => process.exit(0));
