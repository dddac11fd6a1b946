import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { setBpfEnabled } from '../demo/installation.ts';
import type { LabNode } from '../lab/node/lab-node.ts';
import { until } from '../lab/process.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import {
  attached,
  existing,
  frontendsWithoutRule,
  pinnedLinks,
  pins,
  type Frontend,
} from './support/kernel.ts';
import { underLoad } from './support/load.ts';
import { installed, ready, saveView } from './support/margay.ts';
import { condition, installation, kubeProxyPods, list, type ServiceView } from './support/objects.ts';

// bpfEnabled false and true again, under load.

const lab = await sharedLab();

/** What a node's kernel showed at one moment. */
interface Sample {
  readonly at: string;
  readonly node: string;
  readonly withoutRule: number;
  readonly programs: number;
}

test(
  'O4: back to kube-proxy and no connection lost; its rules come before our programs go',
  guarded(lab, async () => {
    await installed(lab);
    const frontends = await allFrontends();
    assert.ok(frontends.length >= 6, JSON.stringify(frontends));
    const programs = (await Promise.all(lab.nodes.map(pinnedLinks))).flat().map((link) => link.program);
    const samples: Sample[] = [];
    await underLoad(lab, async () => {
      await watching(frontends, samples, async () => {
        await sleep(1000);
        await setBpfEnabled(lab, false);
        await until('the Installation to be on its way', 30_000, async () =>
          condition(await installation(lab), 'Progressing')?.status === 'True' ? true : undefined,
        );
        await saveView(lab, 'disabling');
        await ready(lab);
        await sleep(2000);
      });
      for (const { name } of lab.nodes) assertOrder(samples.filter((sample) => sample.node === name));
      assert.equal((await kubeProxyPods(lab)).length, lab.nodes.length);
      for (const node of lab.nodes) {
        assert.deepEqual(await pins(node), [], node.name);
        assert.deepEqual(await attached(node), [], node.name);
      }
      const [node] = lab.nodes;
      assert.ok(node && programs.length > 0);
      assert.deepEqual(await existing(node, programs), []);
    });
  }),
);

test(
  'O4: to eBPF again with nothing lost',
  guarded(lab, async () => {
    await underLoad(lab, async () => {
      await setBpfEnabled(lab, true);
      await ready(lab);
      await sleep(3000);
      for (const evidence of await gatherEvidence(lab)) {
        assert.ok(isParked(evidence) && evidence.complete, JSON.stringify(evidence));
      }
    });
  }),
);

/** Looks at every node's kernel again and again while `body` runs. */
async function watching(
  frontends: readonly Frontend[],
  samples: Sample[],
  body: () => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const looking = Promise.all(lab.nodes.map((node) => look(node, frontends, { samples, stop: stop.signal })));
  try {
    await body();
  } finally {
    stop.abort();
    await looking;
  }
}

/** Programs first: rules that are missing after them were missing when they were gone. */
async function look(
  node: LabNode,
  frontends: readonly Frontend[],
  to: { samples: Sample[]; stop: AbortSignal },
): Promise<void> {
  while (!to.stop.aborted) {
    const at = new Date().toISOString();
    const programs = (await attached(node)).length;
    const withoutRule = (await frontendsWithoutRule(node, frontends)).length;
    to.samples.push({ at, node: node.name, withoutRule, programs });
    await sleep(500);
  }
}

/** Programs alone, then both, then rules alone; never neither. */
function assertOrder(samples: readonly Sample[]): void {
  const text = samples
    .map((s) => `${s.at} ${s.node}: ${s.programs} programs, ${s.withoutRule} without rule`)
    .join('\n');
  const shows = (holds: (sample: Sample, next: Sample | undefined) => boolean): boolean =>
    samples.some((sample, index) => holds(sample, samples[index + 1]));
  assert.ok(
    shows((s) => s.programs > 0 && s.withoutRule > 0),
    text,
  );
  // Programs that were seen after the rules were complete.
  assert.ok(
    shows((s, next) => s.withoutRule === 0 && next !== undefined && next.programs > 0),
    text,
  );
  assert.ok(
    shows((s) => s.programs === 0 && s.withoutRule === 0),
    text,
  );
  assert.ok(!shows((s) => s.programs === 0 && s.withoutRule > 0), text);
}

async function allFrontends(): Promise<readonly Frontend[]> {
  const services = await list<ServiceView>(lab, ['services', '-A']);
  return services.flatMap(({ spec }) =>
    spec.ports.flatMap(({ protocol, port, nodePort }) => [
      { address: spec.clusterIP, protocol, port },
      ...(nodePort === undefined ? [] : [{ protocol, port: nodePort }]),
    ]),
  );
}
