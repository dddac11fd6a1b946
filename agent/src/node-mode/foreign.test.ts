import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignOn } from './foreign.ts';

const signs: readonly [what: string, interfaces: string[], pins: string[], found: RegExp | undefined][] = [
  ['a node of its own', ['lo', 'eth0', 'veth1234'], ['margay', 'ip', 'tc'], undefined],
  [
    'Cilium by its interface',
    ['eth0', 'cilium_host'],
    [],
    /^Cilium is on this node \(interface cilium_host\)/,
  ],
  [
    'Cilium by its maps',
    ['eth0'],
    ['tc', 'cilium_ct4_global'],
    /^Cilium .*\(pin cilium_ct4_global on the bpffs\)/,
  ],
  ['Calico with eBPF', ['eth0', 'bpfin.cali'], [], /^Calico's eBPF dataplane .*interface bpfin.cali/],
  ['Calico with eBPF, by its maps', [], ['cali_v4_ct2'], /^Calico's eBPF dataplane/],
  ['kube-proxy with IPVS', ['eth0', 'kube-ipvs0'], [], /^kube-proxy runs here in mode ipvs/],
  ['Calico without eBPF', ['eth0', 'cali0123456789a', 'vxlan.calico'], [], undefined],
];
for (const [what, interfaces, pins, found] of signs)
  test(`what cannot be beside us: ${what}`, () => {
    const sentence = foreignOn({ interfaces, pins })?.message;
    if (found === undefined) assert.equal(sentence, undefined);
    else assert.match(sentence ?? '', found);
  });
