import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCapture } from './start-capture.ts';

void test('refuses at once what cannot be the name of a device', async () => {
  for (const devices of ['', '../eth0', '-w', 'eth0 -z', 'sixteen-letters-'])
    await assert.rejects(startCapture({ devices, snapLength: 256, fifo: '/nonexistent/packets' }), {
      code: 'FG_CAPTURE_REFUSED',
    });
});
