import { VERSIONS } from '../lab/binaries/recipe.ts';
import { LOAD_IMAGE } from '../../tools/images/catalog.ts';

/** The sample application's names and NodePorts. */
export const SAMPLE = { namespace: 'sample', replicas: 6, tcpNodePort: 30080, udpNodePort: 30081 } as const;

const meta = (name: string): object => ({ name, namespace: SAMPLE.namespace, labels: { app: name } });

/** As applications have it: without any request a pod gets next to no CPU on a busy node, and its answers come late. */
const resources = { requests: { cpu: '50m' } };

/** Namespace, six agnhost pods over all nodes, and one Service of each kind in front of them, of every family there is. */
export function sampleManifests(): object[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SAMPLE.namespace } },
    deployment(),
    service('web', 'ClusterIP'),
    service('web-outside', 'NodePort'),
  ];
}

/** The load client as a pod; `args` are margay-load's. */
export function loadPod(args: readonly string[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta('load'),
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 3,
      containers: [{ name: 'load', image: LOAD_IMAGE, args: [...args], resources }],
    },
  };
}

function deployment(): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('web'),
    spec: {
      replicas: SAMPLE.replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          terminationGracePeriodSeconds: 1,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { app: 'web' } },
            },
          ],
          containers: [
            {
              name: 'agnhost',
              image: `registry.k8s.io/e2e-test-images/agnhost:${VERSIONS.agnhost}`,
              args: ['netexec', '--http-port=8080', '--udp-port=8081'],
              resources,
              readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 2 },
            },
          ],
        },
      },
    },
  };
}

function service(name: string, type: 'ClusterIP' | 'NodePort'): object {
  const port = (protocol: 'TCP' | 'UDP', nodePort: number): object => ({
    name: protocol.toLowerCase(),
    protocol,
    port: protocol === 'TCP' ? 80 : 81,
    targetPort: protocol === 'TCP' ? 8080 : 8081,
    ...(type === 'NodePort' ? { nodePort } : {}),
  });
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(name),
    spec: {
      type,
      ipFamilyPolicy: 'PreferDualStack',
      selector: { app: 'web' },
      ports: [port('TCP', SAMPLE.tcpNodePort), port('UDP', SAMPLE.udpNodePort)],
    },
  };
}
