/** Who connects the pods, decided once for the cluster. Pure. */

/** A decided `network.cni`. */
export type Cni = 'Margay' | 'Chained' | 'None';

/** What `network.cni` is decided from. */
export interface CniInputs {
  readonly asked: Cni | 'Auto';
  /** What was decided before; absent: nothing yet. */
  readonly before?: Cni;
  readonly nodes: readonly { readonly ready: 'True' | 'False' | 'Unknown'; readonly readyMessage: string }[];
}

/** The decision, or why there is none; with `problem` where a decision stands against what is asked. */
export interface CniDecision {
  readonly cni?: Cni;
  readonly problem?: string;
}

/** The kubelet's only word for a node without a CNI configuration is in this message. */
const WITHOUT_CNI = /NetworkPluginNotReady|cni plugin not initialized/;

function lookAround(nodes: CniInputs['nodes']): CniDecision {
  if (nodes.some((n) => n.ready === 'True')) return { cni: 'Chained' };
  if (nodes.some((n) => n.ready === 'False' && WITHOUT_CNI.test(n.readyMessage))) return { cni: 'Margay' };
  return {
    problem:
      'spec.network.cni is Auto, and no node is Ready or says that it lacks a CNI: waiting for one, or write Margay, Chained or None',
  };
}

/**
 * A node that is Ready has a CNI, to which ours is chained; where none is and the kubelets miss one, the fabric is
 * ours. What was decided is kept.
 */
export function decideCni({ asked, before, nodes }: CniInputs): CniDecision {
  if (before === undefined) return asked === 'Auto' ? lookAround(nodes) : { cni: asked };
  if (asked === 'Auto' || asked === before) return { cni: before };
  const problem = `spec.network.cni: ${asked} is refused while the cluster runs with ${before} (status.computed.network.cni): delete the Installation and create it anew, or write ${before}`;
  return { cni: before, problem };
}
