/**
 * Our control API alone, behind the HTTP server of `up` on a port of loopback, for measuring.
 *
 * In:    a directory, the number of interfaces; lines. Out: one line of JSON with the port and the key, once it listens; for each
 *        line the bytes that live in its memory.
 * Holds: interfaces are put in place before; everything else comes through the API. It ends when its standard input does.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startHttp } from '../../src/app/server/http.ts';
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
const failed = (error: unknown): void => console.error(error);
const ec2 = createEc2({ state, facts, surroundings, failed });
const listen = { address: '127.0.0.1', port: 0, tls: null, ownNamesOnly: true };
const { url } = await startHttp({ listen, handler: (request) => ec2.answer(request), failed });
const { pid } = process;
console.log(JSON.stringify({ port: Number(new URL(url).port), pid, accessKeyId: key.id, secretAccessKey: key.secret }));
const lines = createInterface(process.stdin);
lines.on('line', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  console.log(heapUsed + external);
});
lines.on('close', () => process.exit(0));
