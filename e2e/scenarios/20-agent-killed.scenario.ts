import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../lab/process.ts';
import { guarded, sharedLab } from './support/cluster.ts';
import { attached, pinnedLinks, type PinnedLink } from './support/kernel.ts';
import { underLoad } from './support/load.ts';
import { installed } from './support/margay.ts';
import { list, type PodView } from './support/objects.ts';

// An agent dies under load.

const lab = await sharedLab();
const AGENTS = ['pods', '-n', 'margay-system', '-l', 'app.kubernetes.io/name=margay-agent'] as const;

test(
  'R1: an agent that is killed leaves traffic, programs and links untouched',
  guarded(lab, async () => {
    await installed(lab);
    const [node] = lab.nodes;
    assert.ok(node);
    let before: readonly PinnedLink[] = [];
    const results = await underLoad(lab, async () => {
      before = await pinnedLinks(node);
      const programs = await attached(node);
      assert.ok(before.length > 0 && programs.length > 0);
      const restarts = restartsOf(await agentOn(node.name));
      await sleep(2000);
      assert.ok((await lab.killPod('margay-system', (await agentOn(node.name)).metadata.name)) > 0);
      assert.deepEqual(await attached(node), programs);
      await until('the agent to be started again and Ready', 60_000, async () => {
        const pod = await agentOn(node.name);
        const isReady =
          pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
        return restartsOf(pod) > restarts && isReady ? true : undefined;
      });
      // The agent has read everything back by now, and the clients go on a little.
      await sleep(3000);
      // The same links by id: the new agent may exchange programs in them, but attaches nothing anew.
      assert.deepEqual(idsOf(await pinnedLinks(node)), idsOf(before));
      assert.equal((await attached(node)).length, programs.length);
    });
    const streams = results.flatMap((result) => result.streams);
    assert.ok(streams.length > 0 && streams.every((stream) => stream.broken === 0), JSON.stringify(streams));
  }),
);

const idsOf = (links: readonly PinnedLink[]): string[] => links.map(({ path, id }) => `${path} ${id}`);
const restartsOf = (pod: PodView): number => pod.status.containerStatuses?.[0]?.restartCount ?? 0;

async function agentOn(node: string): Promise<PodView> {
  const [pod] = await list<PodView>(lab, [...AGENTS, `--field-selector=spec.nodeName=${node}`]);
  assert.ok(pod, `no agent on ${node}`);
  return pod;
}
