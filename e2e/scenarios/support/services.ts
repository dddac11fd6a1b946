import type { Lab } from '../../lab/lab.ts';
import { VERSIONS } from '../../lab/binaries/recipe.ts';
import { SAMPLE } from '../../demo/sample.ts';
import { get, type ServiceView } from './objects.ts';
import { ask, type Asker } from './reach.ts';

// Services and pods that one scenario makes in the sample's namespace; a label finds them again.

/** The usual port of a Service whose pods are {@link ServiceMaker.pod}s or the sample's. */
export const WEB_PORT = { port: 80, targetPort: 8080 };

/** Makes objects that carry `case=<name>`. */
export class ServiceMaker {
  readonly #lab: Lab;
  readonly #case: string;

  constructor(lab: Lab, name: string) {
    this.#lab = lab;
    this.#case = name;
  }

  /** Creates or changes a Service and resolves to its cluster address. */
  async service(name: string, spec: object): Promise<string> {
    await this.#lab.apply(
      JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: this.#metadata(name), spec }),
    );
    return (await this.#get(name)).spec.clusterIP;
  }

  /** The first port's NodePort; 0: none. */
  async nodePort(name: string): Promise<number> {
    return (await this.#get(name)).spec.ports[0]?.nodePort ?? 0;
  }

  /** Creates a web server on a node, with the label `app`, and waits until it is ready. ports: of its container. */
  async pod(name: string, app: string, nodeName: string, ports: readonly object[] = []): Promise<void> {
    const image = `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`;
    const container = { name: 'web', image, args: ['netexec', '--http-port=8080'], ports };
    const metadata = this.#metadata(name, { app });
    const spec = { nodeName, terminationGracePeriodSeconds: 0, containers: [container] };
    await this.#lab.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec }));
    const pod = ['wait', '-n', SAMPLE.namespace, `pod/${name}`, '--for=condition=Ready', '--timeout=60s'];
    await this.#lab.kubectl(pod);
  }

  /** Deletes a pod, and waits until it is gone. */
  async remove(name: string): Promise<void> {
    await this.#lab.kubectl(['delete', 'pod', '-n', SAMPLE.namespace, name]);
  }

  /** Deletes all of them. */
  async removeAll(): Promise<void> {
    const which = ['-n', SAMPLE.namespace, '-l', `case=${this.#case}`];
    await this.#lab.kubectl(['delete', 'service,pod', ...which, '--wait=false']);
  }

  async #get(name: string): Promise<ServiceView> {
    return get<ServiceView>(this.#lab, ['service', '-n', SAMPLE.namespace, name]);
  }

  #metadata(name: string, labels: Readonly<Record<string, string>> = {}): object {
    return { namespace: SAMPLE.namespace, name, labels: { ...labels, case: this.#case } };
  }
}

/** Sixteen requests in a shell, one connection each. */
export function manyRequests(url: string): readonly ['sh', '-c', string] {
  return ['sh', '-c', `for i in $(seq 16); do curl -sS --max-time 3 ${url}; echo; done`];
}

/** Who answered {@link manyRequests}, from what they printed. */
export function namesIn(stdout: string): ReadonlySet<string> {
  return new Set(stdout.trim().split('\n'));
}

/** Names that sixteen requests got. */
export async function answers(lab: Lab, from: Asker, url: string): Promise<ReadonlySet<string>> {
  return namesIn((await ask(lab, from, manyRequests(url))).stdout);
}
