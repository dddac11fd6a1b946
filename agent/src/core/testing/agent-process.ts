/** An agent as its own process, with a kubeconfig in place of a pod's service account. Arguments: kubeconfig, then the agent's own. */
import { loadNative } from '@margay/addon/native';
import { loadNetlink } from '@margay/addon/netlink';
import { clientFromKubeConfig } from '@margay/lib/kube-config';
import { createLogger } from '@margay/lib/log';
import { shutdownSignal } from '@margay/lib/signals';
import { Agent } from '../agent.ts';
import { ApiAccess } from '../api.ts';
import { parseOptions } from '../options.ts';

const [kubeconfig, ...argv] = process.argv.slice(2);
const options = parseOptions(argv, {});
const log = createLogger({ level: 'debug' });
const client = clientFromKubeConfig('margay-agent/test', kubeconfig);
const native = loadNative();
native.setLogSink((level, text) => log[level]('libbpf', { text: text.trimEnd() }));
const agent = new Agent({
  options,
  version: 'test',
  log,
  native,
  netlink: loadNetlink(),
  api: new ApiAccess(client, log),
});
await agent.run(shutdownSignal());
native.setLogSink(undefined);
