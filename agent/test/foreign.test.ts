// Another dataplane's traces in a namespace and on a bpffs of our own. Needs root.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadNetlink } from '@margay/addon/netlink';
import { isolated } from '../../addon/test/support/isolate.ts';
import { readSigns } from '../src/core/foreign-signs.ts';
import { foreignOn } from '../src/node-mode/foreign.ts';
import { privateRun, sh } from './support/scratch.ts';

function define(): void {
  const bpffs = '/run/bpf';
  const found = async (): Promise<string | undefined> =>
    foreignOn(await readSigns(loadNetlink(), bpffs))?.message;

  test('another dataplane is found by its interface and by its pins, and gone when they are', async () => {
    privateRun();
    assert.equal(await found(), undefined);
    sh('ip link add cilium_host type veth peer name cilium_net');
    assert.match((await found()) ?? '', /^Cilium is on this node \(interface cilium_/);
    sh('ip link del cilium_host');
    assert.equal(await found(), undefined);
    sh('ip link add kube-ipvs0 type veth peer name ipvs-peer');
    assert.match((await found()) ?? '', /^kube-proxy runs here in mode ipvs/);
    sh('ip link del kube-ipvs0');
    mkdirSync(`${bpffs}/tc/globals`, { recursive: true });
    writeFileSync(`${bpffs}/tc/globals/cali_v4_ct2`, '');
    assert.match((await found()) ?? '', /^Calico's eBPF dataplane .*pin cali_v4_ct2/);
  });
}

if (isolated(import.meta.filename)) define();
