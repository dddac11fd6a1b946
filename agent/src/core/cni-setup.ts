/** The node's CNI configuration for this agent. */
import { NodeCniSetup } from '../cni/setup.ts';
import type { AgentParts } from './agent.ts';

/** As the options say where it is. */
export function cniSetup({ options, netlink }: Pick<AgentParts, 'options' | 'netlink'>): NodeCniSetup {
  return new NodeCniSetup({
    netlink,
    confDir: options.cniConfDir,
    binDir: options.cniBinDir,
    sourceDir: options.cniSourceDir,
    socketPath: options.socket,
  });
}
