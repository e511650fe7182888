import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEGACY } from '../../privileged/nft-script.ts';
import { foreignChains } from './foreign-chains.ts';

/** As nft 1.0.6 prints it. */
const CHAINS = `table inet flowgauge {
	chain h_input_early {
		type filter hook input priority -2147483647; policy accept;
	}
	chain il_a {
	}
}
table ip nat {
	chain POSTROUTING {
		type nat hook postrouting priority srcnat; policy accept;
	}
}
table ip6 filter {
	chain INPUT {
		type filter hook input priority filter; policy drop;
	}
	chain ufw6-before-input {
	}
}
table inet mangle {
	chain out {
		type route hook output priority mangle; policy accept;
	}
}
table bridge filter {
	chain fw {
		type filter hook forward priority filter; policy drop;
	}
}
table netdev filter {
	chain in {
		type filter hook ingress device "eth0" priority filter; policy accept;
	}
}
`;

test('finds the hooks in which somebody else may drop, translation, and our own table', () => {
  const { needs, own } = foreignChains(`${CHAINS}${LEGACY}\n`);
  assert.deepEqual([...needs.pairs].sort(), ['input', 'output']);
  assert.equal(needs.nat, true);
  assert.deepEqual([...own], ['h_input_early']);
});

test('tables of iptables-legacy count in all their hooks', () => {
  assert.deepEqual([...foreignChains(`${LEGACY}filter\n`).needs.pairs].sort(), ['forward', 'input', 'output']);
  assert.deepEqual(foreignChains(`${LEGACY}nat\n`).needs, { pairs: new Set(), nat: true });
  assert.deepEqual([...foreignChains(`${LEGACY}raw nat\n`).needs.pairs].sort(), ['output', 'prerouting']);
  assert.equal(foreignChains(`${LEGACY}mangle\n`).needs.pairs.size, 5);
});

test('where legacy tables cannot be known there may be translation: only hooks without it have pairs', () => {
  for (const text of [`${CHAINS}${LEGACY}?\n`, CHAINS]) {
    const { needs } = foreignChains(text);
    assert.deepEqual([...needs.pairs].sort(), ['forward', 'input']);
  }
});
