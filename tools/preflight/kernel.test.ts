import assert from 'node:assert/strict';
import { test } from 'node:test';

import { kernelChecks } from './kernel.ts';
import { thisMachine, type Finding, type Machine } from './machine.ts';

async function found(machine: Machine): Promise<Finding[]> {
  const all = await Promise.all(kernelChecks.map((check) => check(machine)));
  return all.filter((finding) => finding !== undefined);
}

/** This machine as a process sees it that has lost the given privilege: what is withheld really is. */
function without(capability: string): Machine {
  const machine = thisMachine();
  return {
    ...machine,
    script: (text) =>
      machine.script(
        `export text; text=$(cat <<'END'\n${text}\nEND\n)\nexec setpriv --bounding-set=-${capability} sh -euc "$text"`,
      ),
  };
}

const root = { skip: process.getuid?.() === 0 ? false : 'needs root' };

test('the kernel that runs the tests has every feature', root, async () => {
  assert.deepEqual(await found(thisMachine()), []);
});

test('a lost privilege shows in what it takes away, and only there', root, async () => {
  const names = (await found(without('net_admin'))).map(({ what }) =>
    what.replace(/^.* give us |:.*$/gs, ''),
  );
  for (const lost of ['veth devices', 'VXLAN devices', 'nftables with NAT']) {
    assert.ok(names.includes(lost), `${lost} is not among ${names.join(', ')}`);
  }
  for (const there of ['BTF', 'overlay file systems', 'control groups, version 2']) {
    assert.ok(!names.includes(there), `${there} was called absent`);
  }
});

test('a finding says what the kernel answered, and which options bring the feature', async () => {
  const machine: Machine = {
    ...thisMachine(),
    script: (text) =>
      Promise.resolve(
        text.includes('vxlan')
          ? { status: 2, stdout: '', stderr: 'warning\nError: Unknown device type.\n' }
          : { status: 0, stdout: '', stderr: '' },
      ),
  };
  assert.deepEqual(await found(machine), [
    {
      what: 'this kernel does not give us VXLAN devices: Error: Unknown device type.',
      mend: 'boot a kernel with CONFIG_VXLAN (a module: modprobe it), and where this is a container, give it the privilege',
    },
  ]);
});
