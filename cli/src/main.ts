/** `kubectl margay`: what Margay does on a cluster, for people. */
import { installationName, installations, nodeDataplanes } from '@margay/crds/resources';
import type { Installation } from '@margay/crds/installation.gen';
import type { NodeDataplane } from '@margay/crds/nodedataplane.gen';
import { isNotFound, messageOf } from '@margay/lib/errors';
import type { KubeClient } from '@margay/lib/kube-client';
import { clientFromKubeConfig } from '@margay/lib/kube-config';
import { Command } from 'commander';
import { statusText } from './status-text.ts';

interface GlobalOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

const absent =
  'Margay is not installed on this cluster: there is no Installation named default. Apply deploy/ and an Installation first.';

async function status(client: KubeClient): Promise<string> {
  try {
    const installation = await client.get<Installation>(installations, { name: installationName });
    const nodes = await client.list<NodeDataplane>(nodeDataplanes);
    return statusText(installation, nodes.items);
  } catch (error) {
    if (isNotFound(error)) throw new Error(absent, { cause: undefined });
    throw error;
  }
}

async function withClient(
  options: GlobalOptions,
  work: (client: KubeClient) => Promise<string>,
): Promise<void> {
  try {
    const client = clientFromKubeConfig('kubectl-margay', options);
    try {
      process.stdout.write(await work(client));
    } finally {
      client.close();
    }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

const program = new Command('kubectl-margay')
  .description('Shows what Margay does on a cluster.')
  .option('--kubeconfig <file>', 'kubeconfig to use; default: as kubectl')
  .option('--context <name>', "one of the kubeconfig's contexts; default: its current one");

program
  .command('status')
  .description('conditions, rollout and each node, at a glance')
  .action(() => withClient(program.opts<GlobalOptions>(), status));

void program.parseAsync();
