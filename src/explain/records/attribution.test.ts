import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntryWords, RuleWords } from '../../network/verdict/told-network.ts';
import { network, OPEN } from '../../network/verdict/told-network.ts';
import { attributed, causeTexts, FIELDS, modelsAt } from './told-records.ts';

const SSH: RuleWords = ['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '198.51.100.0/24'];
const HTTPS_OUT: RuleWords = ['sgr-2', 'sg-a', 'out', 'tcp', 443, 443, '0.0.0.0/0'];

/** An ingress record at eni-a. */
const toA = (port: number, flags: number | string = 2, src = '198.51.100.7', sport = 40000, at = 100): string =>
  `eni-a ${src} 10.0.1.5 ${sport} ${port} 6 1 60 ${at} ${at + 10} REJECT ${flags} ingress`;
/** An egress record at eni-a. */
const fromA = (sport: number, port: number, flags: number | string, dst = '198.51.100.7', at = 100): string =>
  `eni-a 10.0.1.5 ${dst} ${sport} ${port} 6 1 60 ${at} ${at + 10} REJECT ${flags} egress`;

const told = (model: object, ...lines: string[]): string[] => causeTexts(attributed(model, lines));

describe('a rejected record', () => {
  it('is given to the ACL entry that denies, and to the default deny of the groups where none admits', () => {
    const acl: EntryWords[] = [[90, 'in', 'deny', '6', 23, 23, '0.0.0.0/0'], ...OPEN];
    assert.deepEqual(told(network([SSH], acl), toA(23), toA(80), toA(80, 2, '203.0.113.9')), [
      'eni-a ingress nacl-ingress acl-a/in/90 certain x1',
      'eni-a ingress sg-ingress default-deny certain x2',
    ]);
  });

  it('that opens by egress is given to the groups before the ACL, one that answers to the ACL', () => {
    const acl: EntryWords[] = [[100, 'in', 'allow', '-1', -1, -1, '0.0.0.0/0']];
    assert.deepEqual(
      told(network([SSH, HTTPS_OUT], acl), fromA(40000, 25, 2), fromA(40000, 443, 2), fromA(22, 40000, 18)),
      ['eni-a egress sg-egress default-deny certain x1', 'eni-a egress nacl-egress acl-a/out/* certain x2'],
    );
  });

  it('from the middle of a conversation that egress rules do not admit may be an answer or not, and says so', () => {
    const acl: EntryWords[] = [[100, 'in', 'allow', '-1', -1, -1, '0.0.0.0/0']];
    assert.deepEqual(told(network([SSH], acl), fromA(22, 40000, 0)), [
      'eni-a egress nacl-egress acl-a/out/* | sg-egress default-deny one-of-several x1',
    ]);
  });

  it('behind an accepted conversation that ended is of a closed connection', () => {
    const accepted = 'eni-a 10.0.1.5 198.51.100.7 40000 443 6 9 900 10 60 ACCEPT 3 egress';
    const open = 'eni-a 10.0.1.5 198.51.100.7 40000 443 6 9 900 10 60 ACCEPT 2 egress';
    const late = toA(40000, 0, '198.51.100.7', 443);
    const model = network([SSH, HTTPS_OUT]);
    assert.deepEqual(told(model, accepted, late), ['eni-a ingress closed default-deny certain x1']);
    assert.deepEqual(told(model, open, late), [
      'eni-a ingress closed default-deny | sg-ingress default-deny one-of-several x1',
    ]);
    assert.deepEqual(told(model, accepted, toA(40000, 0, '198.51.100.8', 443)), [
      'eni-a ingress closed default-deny | sg-ingress default-deny one-of-several x1',
    ]);
    assert.deepEqual(told(model, accepted, toA(40000, 2, '198.51.100.7', 443)), [
      'eni-a ingress sg-ingress default-deny certain x1',
    ]);
  });

  it('that the rules admit is not explained by them', () => {
    assert.deepEqual(told(network([SSH]), toA(22)), ['eni-a ingress  not-explained admitted x1']);
  });

  it('of ICMP has no type: what each type would meet is told', () => {
    const ping: RuleWords = ['sgr-3', 'sg-a', 'in', 'icmp', 8, -1, '0.0.0.0/0'];
    const icmp = 'eni-a 198.51.100.7 10.0.1.5 0 0 1 1 84 100 110 REJECT 0 ingress';
    assert.deepEqual(told(network([ping]), icmp), ['eni-a ingress sg-ingress default-deny certain x1']);
    const acl: EntryWords[] = [[90, 'in', 'deny', '1', 13, -1, '0.0.0.0/0'], ...OPEN];
    assert.deepEqual(told(network([ping], acl), icmp), [
      'eni-a ingress sg-ingress default-deny | nacl-ingress acl-a/in/90 one-of-several x1',
    ]);
  });

  it('without flags and direction is told as far as its addresses tell', () => {
    const fields = 'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action';
    const line = 'eni-a 198.51.100.7 10.0.1.5 40000 80 6 1 60 100 110 REJECT';
    assert.deepEqual(causeTexts(attributed(network([SSH]), [line], fields)), [
      'eni-a ingress sg-ingress default-deny certain x1',
    ]);
    assert.deepEqual(
      causeTexts(attributed(network([SSH, HTTPS_OUT]), [line.replace('40000 80', '443 40000')], fields)),
      ['eni-a ingress sg-ingress default-deny | closed default-deny one-of-several x1'],
    );
  });

  it('is judged by the addresses of the packet where they are others', () => {
    const fields = `${FIELDS} pkt-srcaddr pkt-dstaddr`;
    const line = `${toA(22, 2, '10.0.1.6')} 203.0.113.9 10.0.1.5`;
    assert.deepEqual(
      causeTexts(attributed(network([['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '10.0.0.0/8']]), [line], fields)),
      ['eni-a ingress sg-ingress default-deny certain x1'],
    );
  });

  it('of an interface that the model has not, and of an address that nobody holds, is told so', () => {
    const model = network([SSH]);
    assert.deepEqual(told(model, toA(80).replace('eni-a', 'eni-x')), [
      'eni-x ingress  not-explained interface-not-in-model x1',
    ]);
    assert.deepEqual(told(model, toA(80).replace('eni-a', '-').replace('10.0.1.5', '10.0.1.77')), [
      'null ingress  not-explained address-owner-unknown x1',
    ]);
  });
});

describe('what a record tells of its cause', () => {
  const fields = `${FIELDS} reject-reason x-rule-id x-verdict-stage`;
  const texts = (line: string): string[] => causeTexts(attributed(network([SSH]), [line], fields));
  it('wins, and is said to differ from the rules where it does', () => {
    assert.deepEqual(texts(`${toA(80)} - default-deny sg-ingress`), [
      'eni-a ingress sg-ingress default-deny certain record x1',
    ]);
    assert.deepEqual(texts(`${toA(80)} - acl-a/in/90 nacl-ingress`), [
      'eni-a ingress nacl-ingress acl-a/in/90 certain record model:default-deny x1',
    ]);
    assert.deepEqual(texts(`${toA(80)} BPA - -`), ['eni-a ingress BPA certain record model:default-deny x1']);
  });
  it('is the kernel that dropped it, where the record says so', () => {
    const known = causeTexts(
      attributed(network([SSH]), [`${toA(80)} - default-deny sg-ingress kernel`], `${fields} x-verdict-source`),
    );
    assert.deepEqual(known, ['eni-a ingress sg-ingress default-deny kernel record x1']);
    const judged = causeTexts(
      attributed(network([SSH]), [`${toA(80)} - default-deny sg-ingress model`], `${fields} x-verdict-source`),
    );
    assert.deepEqual(judged, ['eni-a ingress sg-ingress default-deny certain record x1']);
  });
  it('has nothing said against it where the model has not the interface', () => {
    assert.deepEqual(texts(`${toA(80).replace('eni-a', 'eni-x')} - acl-x/in/90 nacl-ingress`), [
      'eni-x ingress nacl-ingress acl-x/in/90 certain record x1',
    ]);
  });
});

describe('VPC Block Public Access', () => {
  const model = network([SSH], OPEN, {
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
      },
    ],
    VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-bidirectional' },
  });
  it('is what a record met that does not tell, and is not where the record tells that it is not', () => {
    assert.deepEqual(told(model, toA(22)), ['eni-a ingress BPA certain x1']);
    const texts = (line: string): string[] => causeTexts(attributed(model, [line], `${FIELDS} reject-reason`));
    assert.deepEqual(texts(`${toA(22)} -`), ['eni-a ingress  not-explained admitted x1']);
    assert.deepEqual(texts(`${toA(80)} -`), ['eni-a ingress sg-ingress default-deny certain x1']);
    assert.deepEqual(texts(`${toA(22)} BPA`), ['eni-a ingress BPA certain record x1']);
  });
});

describe('as of the time of the record', () => {
  const web: RuleWords = ['sgr-9', 'sg-a', 'in', 'tcp', 80, 80, '0.0.0.0/0'];
  const at = (seconds: number): string => toA(80, 2, '198.51.100.7', 40000, seconds);
  const times = modelsAt([0, network([SSH])], [1000, network([SSH, web])], [2000, network([SSH])]);
  const texts = (line: string): string[] => causeTexts(attributed(times, [line]));
  it('the rules of then judge', () => {
    assert.deepEqual(texts(at(500)), ['eni-a ingress sg-ingress default-deny certain x1']);
    assert.deepEqual(texts(at(2500)), ['eni-a ingress sg-ingress default-deny certain x1']);
  });
  it('a record over a change is explained by the version that rejects', () => {
    assert.deepEqual(texts(at(995)), ['eni-a ingress sg-ingress default-deny certain x1']);
  });
  it('one that is admitted may have met rules that were only known later', () => {
    assert.deepEqual(texts(at(1500)), ['eni-a ingress sg-ingress default-deny one-of-several next-version x1']);
  });
  it('one from before the model is not certain', () => {
    const later = modelsAt([1000, network([SSH])]);
    assert.deepEqual(causeTexts(attributed(later, [at(500)])), [
      'eni-a ingress sg-ingress default-deny one-of-several before-model x1',
    ]);
  });
});
