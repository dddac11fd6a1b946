import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@margay/lib/log';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { NodeFabric } from '../fabric/node-fabric.ts';
import type { KubeProxyView } from './kube-proxy-view.ts';
import { Upkeep } from './upkeep.ts';

test("netfilter's table is read while it may have flows of Services, and not for ever after", async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let [serves, left, stackFlows, reads] = [false, true, true, 0];
  const dataplane = {
    facts: () => ({ mode: 'Active' }),
    loaded: undefined,
    sweep: () => Promise.resolve(undefined),
    get stackFlows() {
      return stackFlows;
    },
    setStackFlows: (on: boolean) => (stackFlows = on),
  } as unknown as Dataplane;
  const upkeep = new Upkeep({
    dataplane,
    fabric: { natFlowsLeft: () => (reads++, Promise.resolve(left)) } as unknown as NodeFabric,
    netlink: { destroyUdpSockets: () => Promise.resolve(0) },
    kubeProxy: { finishHandover: () => Promise.resolve() } as unknown as KubeProxyView,
    log: { warn: () => undefined } as unknown as Logger,
    timeouts: () => undefined,
    netfilterServes: () => serves,
    drained: () => undefined,
  });
  const stop = new AbortController();
  upkeep.start(stop.signal);
  const pass = async (): Promise<readonly [boolean, number]> => {
    t.mock.timers.tick(5000);
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return [stackFlows, reads];
  };
  assert.deepEqual(await pass(), [true, 1], 'an older flow lives');
  left = false;
  assert.deepEqual(await pass(), [false, 2], 'it is over');
  assert.deepEqual(await pass(), [false, 2]);
  serves = true;
  assert.deepEqual(await pass(), [true, 2], 'kube-proxy is back');
  serves = false;
  left = true;
  assert.deepEqual(await pass(), [true, 3]);
  stop.abort();
  upkeep.close();
});
