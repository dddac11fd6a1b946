import { join } from 'node:path';
import { ensureImages } from '../../tools/images/build.ts';
import { catalog } from '../../tools/images/catalog.ts';
import { gatherEvidence, isParked } from '../demo/evidence.ts';
import { followConditions } from '../demo/installation.ts';
import { routesTo } from '../lab/cni.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import { shIn } from '../lab/network.ts';
import { until } from '../lab/process.ts';
import type { Progress } from '../lab/progress.ts';
import { startLab } from '../lab/start.ts';
import { removeLab } from '../lab/teardown.ts';
import type { Options } from './options.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/**
 * Three nodes in three zones on which Margay serves and kube-proxy is parked, as the kernel shows it, and whose
 * images hold what the suite asks for.
 */
export async function conformanceCluster(options: Options, progress: Progress): Promise<Lab> {
  const lab = options.borrowed ? await openLab(options.lab) : await freshCluster(options, progress);
  await routesToPods(lab);
  await followConditions(lab, ['Ready', 'Available'], { timeout: 180_000, progress });
  await lab.kubectl(['rollout', 'status', '-n', 'kube-system', 'deployment/coredns', '--timeout=120s']);
  await parkedEverywhere(lab, 60_000);
  progress(`kube-proxy is parked on ${lab.nodes.length} of ${lab.nodes.length} nodes`);
  return lab;
}

/** Waits until kube-proxy is parked and Margay attached on every node, as the kernel shows it. */
export async function parkedEverywhere(lab: Lab, timeout: number): Promise<void> {
  const look = async (): Promise<true | undefined> => {
    const evidence = await gatherEvidence(lab);
    return evidence.every((e) => isParked(e) && e.complete) ? true : undefined;
  };
  await until('kube-proxy to be parked on every node', timeout, look, 1000);
}

async function freshCluster(options: Options, progress: Progress): Promise<Lab> {
  const wanted = catalog(options.version).filter(({ group }) => group !== 'lab');
  const images = await ensureImages(wanted, ROOT, progress);
  await removeLab(options.lab, progress);
  const lab = await startLab({ name: options.lab, subnet: options.subnet }, progress);
  await lab.loadImages([...images.values()]);
  await lab.kubectl(['apply', '--server-side', '-k', join(ROOT, 'deploy')]);
  const crds = ['crd/installations.margay.io', 'crd/nodedataplanes.margay.io'];
  await lab.kubectl(['wait', '--for=condition=Established', ...crds, '--timeout=30s']);
  await lab.kubectl(['apply', '-f', join(ROOT, 'deploy/sample/installation.yaml')]);
  return lab;
}

/**
 * The suite reaches pods through the API server. Where the control plane is a node it has the routes that every node
 * has; the lab's is none, so it gets them here.
 */
async function routesToPods(lab: Lab): Promise<void> {
  const routes = lab.state.nodes.map((node) =>
    routesTo(lab.podCidrs(node), lab.node(node.name).site.address),
  );
  await shIn(lab.networks.controlPlane, routes.join('\n'));
}
