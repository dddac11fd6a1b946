/**
 * A replica for the tests of leader election: writes its name into a ConfigMap as often as it can while it leads,
 * and never asks whether it still does. At SIGUSR2 it stands still (SIGSTOP) right before its next write: a write that
 * has left cannot be called back, whatever a lease says. Arguments: kubeconfig, identity.
 */
import { apply } from '../apply.ts';
import { isRetryable, KubeError } from '../errors.ts';
import { EndpointSet } from '../endpoints.ts';
import { KubeClient } from '../kube-client.ts';
import { endpointOfKubeConfig, KubeConfigCredentials, loadKubeConfig } from '../kube-config.ts';
import { LeaderElection } from '../lease.ts';
import { createLogger } from '../log.ts';
import { configMaps } from '../resources.ts';
import { shutdownSignal } from '../signals.ts';
import { sleepOrAbort } from '../sleep.ts';

const [path = '', identity = ''] = process.argv.slice(2);
const config = loadKubeConfig({ kubeconfig: path });
const endpoints = new EndpointSet([endpointOfKubeConfig(config)]);
const common = {
  endpoints,
  credentials: new KubeConfigCredentials(config),
  userAgent: identity,
  timeoutMs: 1000,
};
const election = new LeaderElection({
  client: new KubeClient(common),
  namespace: 'default',
  name: 'election',
  identity,
  log: createLogger({ level: 'debug', fields: { identity } }),
  durationMs: 3000,
  renewDeadlineMs: 1500,
  retryMs: 300,
});
const client = new KubeClient({ ...common, mayWrite: () => election.leading });

async function write(count: number): Promise<void> {
  const metadata = { namespace: 'default', name: 'written' };
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { writer: identity, count: String(count) },
  };
  await apply(client, configMaps, object, { fieldManager: 'replica', force: true }).catch(
    (error: unknown) => {
      if (!isRetryable(error) && !(error instanceof KubeError && error.code === 'NotLeading')) throw error;
    },
  );
}

let standStill = false;
process.on('SIGUSR2', () => (standStill = true));

await election.run(shutdownSignal(), async (signal) => {
  process.stdout.write('leading\n');
  for (let count = 0; !signal.aborted; count++) {
    if (standStill) {
      standStill = false;
      process.kill(process.pid, 'SIGSTOP');
    }
    await write(count);
    await sleepOrAbort(10, signal);
  }
  process.stdout.write('lost\n');
});
process.stdout.write('ended\n');
client.close();
