import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenOf, listenSettingsOf, portOf } from './listen.ts';

test('without a word it is port 8350 of this machine alone', () => {
  assert.deepEqual(listenOf({}), { address: '127.0.0.1', port: 8350, tls: null, ownNamesOnly: true, publicUrl: null });
});

test('what is said later holds, setting by setting', () => {
  const file = { port: 1, bind: '::1' };
  const environment = listenSettingsOf({ FLOWGAUGE_PORT: '2', FLOWGAUGE_BIND: '' });
  assert.deepEqual(listenOf(file, environment, {}), {
    address: '::1',
    port: 2,
    tls: null,
    ownNamesOnly: true,
    publicUrl: null,
  });
  assert.equal(listenOf(file, environment, { port: 0 }).port, 0);
});

test('beyond this machine it takes TLS or a proxy', () => {
  for (const bind of ['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'fe80::1']) {
    assert.throws(() => listenOf({ bind }), { code: 'FG_BIND_OPEN' });
    assert.throws(() => listenOf({ bind, behindProxy: false }), { code: 'FG_BIND_OPEN' });
    assert.equal(listenOf({ bind, behindProxy: true }).ownNamesOnly, false);
    assert.deepEqual(listenOf({ bind, tlsCert: 'c', tlsKey: 'k' }).tls, { cert: 'c', key: 'k' });
  }
  for (const bind of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
    assert.equal(listenOf({ bind }).ownNamesOnly, true, bind);
    assert.equal(listenOf({ bind, behindProxy: true }).ownNamesOnly, false, bind);
  }
});

test('what is no address, no port or half a pair is refused', () => {
  for (const bind of ['', 'example.com', '1.2.3', '127.0.0.1:80', '[::1]'])
    assert.throws(() => listenOf({ bind }), { code: 'FG_BIND_ADDRESS' });
  for (const port of [-1, 65_536, 1.5, Number.NaN]) assert.throws(() => listenOf({ port }), { code: 'FG_PORT' });
  for (const text of ['', 'x', '-1', '65536', '1e3', '0x10', ' 1'])
    assert.throws(() => portOf(text, '--port'), { code: 'FG_PORT' });
  assert.equal(portOf('65535', '--port'), 65_535);
  assert.throws(() => listenOf({ tlsCert: 'c' }), {
    code: 'FG_TLS_PAIR',
    message: /--tls-cert is given without --tls-key/,
  });
  assert.throws(() => listenOf({ tlsKey: 'k' }), { code: 'FG_TLS_PAIR' });
});

test('a switch of the environment is on, off, or refused', () => {
  const of = (value: string) => listenSettingsOf({ FLOWGAUGE_BEHIND_PROXY: value }).behindProxy;
  assert.deepEqual(['1', 'TRUE', '0', 'no', ''].map(of), [true, true, false, false, undefined]);
  assert.throws(() => of('maybe'), { code: 'FG_SETTING' });
});

test('browsers may reach it by another address', () => {
  const of = (publicUrl: string) => listenOf({}, listenSettingsOf({ FLOWGAUGE_PUBLIC_URL: publicUrl })).publicUrl;
  assert.deepEqual(['https://f.example', 'http://127.0.0.1:99/'].map(of), ['https://f.example', 'http://127.0.0.1:99']);
  for (const wrong of ['f.example', 'ftp://f.example', 'https://f.example/x', 'https://a:b@f.example', 'javascript:1'])
    assert.throws(() => of(wrong), { code: 'FG_PUBLIC_URL' }, wrong);
});
