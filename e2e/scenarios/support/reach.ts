import type { Lab } from '../../lab/lab.ts';
import type { RunResult } from '../../lab/process.ts';
import { SAMPLE } from '../../demo/sample.ts';
import { list, type PodView } from './objects.ts';

// One request at a time, from the three places that matter.

/** Who asks: a pod of the sample application, a node itself, or a machine that is not the cluster's. */
export type Asker = 'pod' | 'node' | 'outside';

/** The same, or a pod of the sample's namespace by its name. */
export type Client = Asker | { readonly pod: string };

/** All of them. */
export const ASKERS: readonly Asker[] = ['pod', 'node', 'outside'];

/** Runs a command there. The exit status is the result's, not an error. */
export async function ask(lab: Lab, from: Client, argv: readonly [string, ...string[]]): Promise<RunResult> {
  const options = { allowFailure: true };
  if (from === 'outside') return lab.exec('outside', argv, options);
  const [node] = lab.nodes;
  if (from === 'node' && node) return node.exec(argv, options);
  const pod = typeof from === 'object' ? from.pod : ((await webPods(lab))[0]?.metadata.name ?? '');
  const kubectl = lab.binary('kubectl');
  const exec = ['exec', '-n', SAMPLE.namespace, pod, '--', ...argv];
  return lab.exec('control-plane', [kubectl, `--kubeconfig=${lab.kubeconfig}`, ...exec], options);
}

/** Body of an HTTP answer, or curl's exit status in words where there was none. */
export async function httpGet(lab: Lab, from: Client, url: string): Promise<string> {
  const { status, stdout } = await ask(lab, from, ['curl', '-sS', '--max-time', '3', url]);
  return status === 0 ? stdout.trim() : `curl ${status}`;
}

/** curl's words for a connection that is refused; 28 would be a time-out. */
export const REFUSED = 'curl 7';

/** Answer to one datagram, empty where none came in time. */
export async function udpAsk(lab: Lab, from: Client, address: string, port: number): Promise<string> {
  const script = `exec 3<>/dev/udp/${address}/${port} && echo hostname >&3 && timeout 2 dd bs=64 count=1 status=none <&3`;
  const { stdout } = await ask(lab, from, ['bash', '-c', script]);
  return stdout.trim();
}

/** Pods of the sample application. */
export async function webPods(lab: Lab): Promise<readonly PodView[]> {
  return list<PodView>(lab, ['pods', '-n', SAMPLE.namespace, '-l', 'app=web']);
}
