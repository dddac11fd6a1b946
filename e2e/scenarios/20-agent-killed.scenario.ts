import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../lab/process.ts';
import { scenario, sharedLab } from './support/cluster.ts';
import { attached, pinnedLinks } from './support/kernel.ts';
import { Load } from './support/load.ts';
import { installed } from './support/margay.ts';
import { list, type PodView } from './support/objects.ts';

// An agent dies under load.

const lab = await sharedLab();
const AGENTS = ['pods', '-n', 'margay-system', '-l', 'app.kubernetes.io/name=margay-agent'] as const;

scenario(lab, 'R1: an agent that is killed leaves traffic, programs and links untouched', async () => {
  await installed(lab);
  const [node] = lab.nodes;
  assert.ok(node);
  const before = await pinnedLinks(node);
  const programs = await attached(node);
  assert.ok(before.length > 0 && programs.length > 0);
  const load = await Load.start(lab);
  const agent = await agentOn(node.name);
  const restarts = agent.status.containerStatuses?.[0]?.restartCount ?? 0;
  await sleep(2000);
  assert.ok((await lab.killPod('margay-system', agent.metadata.name)) > 0);
  assert.deepEqual(await attached(node), programs);
  await until('the agent to be started again and Ready', 60_000, async () => {
    const pod = await agentOn(node.name);
    const count = pod.status.containerStatuses?.[0]?.restartCount ?? 0;
    const isReady = pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;
    return count > restarts && isReady ? true : undefined;
  });
  await sleep(3000);
  const results = await load.stop();
  const streams = results.flatMap((result) => result.streams);
  assert.ok(streams.length > 0 && streams.every((stream) => stream.broken === 0), JSON.stringify(streams));
  // The same links by id, so nothing was attached anew.
  const ids = (links: readonly { path: string; id: number }[]): string[] =>
    links.map(({ path, id }) => `${path} ${id}`);
  const after = new Set(ids(await pinnedLinks(node)));
  assert.deepEqual(
    ids(before).filter((link) => !isPodOfLoad(link) && !after.has(link)),
    [],
  );
});

async function agentOn(node: string): Promise<PodView> {
  const [pod] = await list<PodView>(lab, [...AGENTS, `--field-selector=spec.nodeName=${node}`]);
  assert.ok(pod, `no agent on ${node}`);
  return pod;
}
