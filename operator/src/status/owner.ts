/** Who looks after an object so that a change of ours would not last. Pure. */

/** What is looked at. */
export interface Owned {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly managers: readonly string[];
}

/** A tool that reconciles an object, and what to do there. */
export interface Owner {
  /** With the name of its own object where it is known, such as `Helm release kube-proxy`. */
  readonly name: string;
  readonly advice: string;
}

interface Trait {
  readonly tool: string;
  readonly advice: string;
  readonly labels?: readonly string[];
  readonly annotations?: readonly string[];
  readonly managers?: RegExp;
}

const TRAITS: readonly Trait[] = [
  {
    tool: 'Argo CD application',
    advice: 'let it ignore spec.template.spec.affinity (ignoreDifferences)',
    labels: ['argocd.argoproj.io/instance'],
    annotations: ['argocd.argoproj.io/tracking-id'],
    managers: /^argocd-/,
  },
  {
    tool: 'Flux Kustomization',
    advice: 'set the annotation kustomize.toolkit.fluxcd.io/ssa: IfNotPresent there',
    labels: ['kustomize.toolkit.fluxcd.io/name'],
    managers: /^kustomize-controller$/,
  },
  {
    tool: 'Flux HelmRelease',
    advice: 'switch its drift correction off for this DaemonSet',
    labels: ['helm.toolkit.fluxcd.io/name'],
    managers: /^helm-controller$/,
  },
  {
    tool: 'Helm release',
    advice: 'take kube-proxy out of the release',
    annotations: ['meta.helm.sh/release-name'],
    managers: /^helm$/,
  },
  {
    tool: 'add-on manager mode',
    advice: 'set the label addonmanager.kubernetes.io/mode to EnsureExists',
    labels: ['addonmanager.kubernetes.io/mode'],
  },
  { tool: 'Amazon EKS add-on', advice: 'remove the add-on kube-proxy with --preserve', managers: /^eks$/ },
  {
    tool: 'Google Kubernetes Engine',
    advice: 'it cannot be changed there',
    managers: /^(gke-|kube-addon-manager$)/,
  },
  {
    tool: 'Azure Kubernetes Service',
    advice: 'disable it with the kube-proxy configuration of the cluster',
    labels: ['kubernetes.azure.com/managedby'],
    managers: /^aksService$/,
  },
];

function valueOf(trait: Trait, object: Owned): string | undefined {
  const label = trait.labels?.map((key) => object.labels[key]).find((v) => v !== undefined);
  const note = trait.annotations?.map((key) => object.annotations[key]).find((v) => v !== undefined);
  return label ?? note ?? object.managers.find((m) => trait.managers?.test(m) === true);
}

/** In this mode the add-on manager creates what is missing and changes nothing. */
const isHarmless = (trait: Trait, value: string): boolean =>
  trait.tool === 'add-on manager mode' && value === 'EnsureExists';

/** The first tool that is found to reconcile the object; undefined: none. */
export function ownerOf(object: Owned): Owner | undefined {
  for (const trait of TRAITS) {
    const value = valueOf(trait, object);
    if (value !== undefined && !isHarmless(trait, value)) {
      return { name: `${trait.tool} ${value}`, advice: trait.advice };
    }
  }
  return undefined;
}
