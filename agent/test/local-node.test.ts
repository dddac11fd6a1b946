// What a node's own netlink shows, in a namespace of our own. Needs root.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadNetlink } from '@margay/addon/netlink';
import { createLogger } from '@margay/lib/log';
import { isolated } from '../../addon/test/support/isolate.ts';
import { LocalNode } from '../src/core/local-node.ts';
import { sh } from './support/scratch.ts';

function define(): void {
  test('F4: another gateway behind the same interface is told, and nothing is told where none changed', async () => {
    sh('ip link add out type veth peer name far && ip link set far up && ip link set out up');
    sh('ip address add 10.9.0.1/24 dev out && ip route add 10.50.0.0/16 via 10.9.0.2');
    let [changes, moves] = [0, 0];
    const context = { podCidrs: () => [], podInterfaces: () => new Set<number>() };
    const local = new LocalNode(loadNetlink(), context, {
      log: createLogger({ level: 'error' }),
      onChange: () => changes++,
      onMoved: () => moves++,
    });
    await local.start();
    assert.deepEqual([changes, moves], [1, 0]);
    sh('ip route add 10.60.0.0/16 dev out');
    await local.refresh();
    assert.deepEqual([changes, moves], [1, 0], 'a route without a gateway');
    sh('ip route replace 10.50.0.0/16 via 10.9.0.3');
    for (let i = 0; i < 200 && moves === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual([changes, moves], [1, 1]);
    local.close();
  });
}

if (isolated(import.meta.filename)) define();
