import { homedir } from 'node:os';
import { join } from 'node:path';
import { conformanceRecipe, labRecipes, recipeKey, setKey } from './recipe.ts';

/** The cache outside the checkout: `$MARGAY_CACHE`, else `$XDG_CACHE_HOME/margay`, else `~/.cache/margay`. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['MARGAY_CACHE'];
  if (given) return given;
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg ? xdg : join(homedir(), '.cache'), 'margay');
}

/**
 * The directory with all of the lab's binaries as plain files: kube-apiserver, kube-controller-manager,
 * kube-scheduler, kubelet, kube-proxy, kubectl, etcd, containerd, containerd-shim-runc-v2, ctr, agnhost, coredns
 * and the CNI plugins ptp, bridge, loopback, host-local, portmap. It exists once `ensureBinaries` has run.
 */
export function binariesDir(): string {
  return join(cacheRoot(), 'bin', setKey(labRecipes()));
}

/** The directory with e2e.test and ginkgo. It exists once `ensureConformance` has run. */
export function conformanceDir(): string {
  return join(cacheRoot(), 'bin', recipeKey(conformanceRecipe()));
}
