import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '@margay/lib/log';
import { until } from '@margay/lib/testing/until';
import type { FlowTimeouts } from '../calc/flows.ts';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { NodeFabric } from '../fabric/node-fabric.ts';
import type { KubeProxyView } from './kube-proxy-view.ts';
import { Upkeep } from './upkeep.ts';

interface Parts {
  readonly dataplane: object;
  readonly natFlowsLeft?: () => Promise<boolean>;
  readonly netfilterServes?: () => boolean;
  readonly destroy?: () => Promise<number>;
  readonly warn?: (message: string) => void;
}

function upkeepOf({ dataplane, natFlowsLeft, netfilterServes, destroy, warn }: Parts): Upkeep {
  return new Upkeep({
    dataplane: dataplane as Dataplane,
    fabric: { natFlowsLeft } as unknown as NodeFabric,
    netlink: { destroyUdpSockets: destroy ?? (() => Promise.resolve(0)) },
    kubeProxy: { finishHandover: () => Promise.resolve() } as unknown as KubeProxyView,
    log: { warn: warn ?? (() => undefined), debug: () => undefined } as unknown as Logger,
    timeouts: () => ({}) as FlowTimeouts,
    netfilterServes: netfilterServes ?? (() => false),
    drained: () => undefined,
  });
}

test('S14: a kernel that cannot end sockets is named once, and conntrack is swept all the same', async () => {
  const warnings: string[] = [];
  const flows = new Map();
  const socket = { cookie: 1n, family: 4, address: '10.244.0.1', port: 53 };
  let sweeps = 0;
  const upkeep = upkeepOf({
    dataplane: {
      facts: () => ({ mode: 'Active' }),
      loaded: undefined,
      sweep: () => (sweeps++, Promise.resolve({ flows, stranded: [socket] })),
    },
    destroy: () => Promise.reject(new Error('EOPNOTSUPP')),
    warn: (message) => void warnings.push(message),
  });
  upkeep.start(AbortSignal.abort());
  await until(() => upkeep.sweeps === flows);
  upkeep.sweepSoon();
  await until(() => sweeps === 2);
  await new Promise((resolve) => setImmediate(resolve));
  upkeep.close();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /cannot be ended/);
});

test("netfilter's table is read while it may have flows of Services, and not for ever after", async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let [serves, left, stackFlows, reads] = [false, true, true, 0];
  const upkeep = upkeepOf({
    dataplane: {
      facts: () => ({ mode: 'Active' }),
      loaded: undefined,
      sweep: () => Promise.resolve(undefined),
      get stackFlows() {
        return stackFlows;
      },
      setStackFlows: (on: boolean) => (stackFlows = on),
    },
    natFlowsLeft: () => (reads++, Promise.resolve(left)),
    netfilterServes: () => serves,
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
