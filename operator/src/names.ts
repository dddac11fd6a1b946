/** Names that the operator alone writes into the cluster; those shared with others are in `@margay/crds/resources`. */

/** Holds the Installation until its deletion is carried out. */
export const finalizer = 'margay.io/dataplane';

/** Field manager of everything that the operator applies. */
export const fieldManager = 'margay-operator';

/** The agents' DaemonSet, service account and label. */
export const agentName = 'margay-agent';

/** Prefix of the immutable configurations. */
export const configPrefix = 'margay-config-';

/** On kube-proxy's DaemonSet: its affinity as it was, as JSON. */
export const originalAffinity = 'margay.io/original-affinity';

/** On the agents' pods: hash of the template they are of. */
export const templateHash = 'margay.io/template-hash';

/** Labels of everything that belongs to the agents. */
export const agentLabels: Readonly<Record<string, string>> = Object.freeze({
  'app.kubernetes.io/name': agentName,
  'app.kubernetes.io/part-of': 'margay',
});
