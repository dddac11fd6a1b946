import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Versions the lab is built from; the images' tags follow from them. */
export const VERSIONS = {
  kubernetes: '1.36.3',
  containerd: '2.4.2',
  cniPlugins: '1.9.1',
  coredns: '1.14.2',
  agnhost: '2.63.0',
  pause: '3.10.2',
  registry: '0.22.1',
} as const;

/** One `go build` (or `go test -c`) of one package into one file. */
export interface Target {
  package: string;
  output: string;
  /** Other names for the same file; a multi-call binary looks at the name. */
  names?: readonly string[];
  test?: boolean;
}

/** Everything that decides what a group of binaries is: its hash is the group's place in the cache. */
export interface Recipe {
  group: 'kubernetes' | 'agnhost' | 'containerd' | 'coredns' | 'cni' | 'conformance' | 'registry';
  version: string;
  /** The module that is required; of `k8s.io/kubernetes` the staging modules are required with it. */
  module: string;
  moduleVersion: string;
  /** Go source of the wrapper's own package main, if it has one. */
  source?: string;
  targets: readonly Target[];
  tags?: readonly string[];
  /** String variables set by the linker, `package.name` -> value. */
  variables?: Readonly<Record<string, string>>;
  /** What a cold build took on two cores, for the progress line. */
  about: string;
}

const kubernetesModule = { module: 'k8s.io/kubernetes', moduleVersion: `v${VERSIONS.kubernetes}` };

function kubernetesVersionVariables(): Record<string, string> {
  const [major = '', minor = ''] = VERSIONS.kubernetes.split('.');
  const values = {
    gitVersion: `v${VERSIONS.kubernetes}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
  };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  return Object.fromEntries(
    packages.flatMap((p) => Object.entries(values).map(([k, v]) => [`${p}.${k}`, v])),
  );
}

function kubernetes(): Recipe {
  return {
    group: 'kubernetes',
    version: VERSIONS.kubernetes,
    ...kubernetesModule,
    source: readFileSync(new URL('./multicall/main.go', import.meta.url), 'utf8'),
    targets: [
      {
        package: '.',
        output: 'kubernetes',
        names: [
          'kube-apiserver',
          'kube-controller-manager',
          'kube-scheduler',
          'kubelet',
          'kube-proxy',
          'kubectl',
          'etcd',
        ],
      },
    ],
    variables: kubernetesVersionVariables(),
    about: 'about 5 min',
  };
}

function containerd(): Recipe {
  const at = 'github.com/containerd/containerd/v2';
  return {
    group: 'containerd',
    version: VERSIONS.containerd,
    module: at,
    moduleVersion: `v${VERSIONS.containerd}`,
    targets: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((name) => ({
      package: `${at}/cmd/${name}`,
      output: name,
    })),
    tags: ['no_btrfs', 'no_zfs', 'no_devmapper'],
    variables: { [`${at}/version.Version`]: `v${VERSIONS.containerd}` },
    about: 'about 1 min',
  };
}

function cni(): Recipe {
  const at = 'github.com/containernetworking/plugins';
  const targets = ['main/ptp', 'main/bridge', 'main/loopback', 'ipam/host-local', 'meta/portmap'];
  return {
    group: 'cni',
    version: VERSIONS.cniPlugins,
    module: at,
    moduleVersion: `v${VERSIONS.cniPlugins}`,
    targets: targets.map((path) => ({
      package: `${at}/plugins/${path}`,
      output: path.slice(path.indexOf('/') + 1),
    })),
    variables: { [`${at}/pkg/utils/buildversion.BuildVersion`]: `v${VERSIONS.cniPlugins}` },
    about: 'about 10 s',
  };
}

function coredns(): Recipe {
  const at = 'github.com/coredns/coredns';
  return {
    group: 'coredns',
    version: VERSIONS.coredns,
    module: at,
    moduleVersion: `v${VERSIONS.coredns}`,
    targets: [{ package: at, output: 'coredns' }],
    about: 'about 2 min',
  };
}

function agnhost(): Recipe {
  return {
    group: 'agnhost',
    version: VERSIONS.agnhost,
    ...kubernetesModule,
    targets: [{ package: 'k8s.io/kubernetes/test/images/agnhost', output: 'agnhost' }],
    variables: kubernetesVersionVariables(),
    about: 'about 10 s',
  };
}

function conformance(): Recipe {
  return {
    group: 'conformance',
    version: VERSIONS.kubernetes,
    ...kubernetesModule,
    targets: [
      { package: 'k8s.io/kubernetes/test/e2e', output: 'e2e.test', test: true },
      { package: 'github.com/onsi/ginkgo/v2/ginkgo', output: 'ginkgo' },
      { package: 'k8s.io/kubernetes/test/images/regression-issue-74839', output: 'regression-issue-74839' },
    ],
    variables: kubernetesVersionVariables(),
    about: 'about 90 s',
  };
}

/** An image registry, for the one test that pushes and pulls. */
export function registryRecipe(): Recipe {
  return {
    group: 'registry',
    version: VERSIONS.registry,
    module: 'github.com/google/go-containerregistry',
    moduleVersion: `v${VERSIONS.registry}`,
    source: readFileSync(new URL('./registry/main.go', import.meta.url), 'utf8'),
    targets: [{ package: '.', output: 'registry' }],
    about: 'about 20 s',
  };
}

/** The groups every lab needs, in the order they are built. */
export function labRecipes(): Recipe[] {
  return [kubernetes(), containerd(), cni(), agnhost(), coredns()];
}

/** The upstream test suite, built only when it is asked for. */
export function conformanceRecipe(): Recipe {
  return conformance();
}

/** `<group>-<version>-<first ten hex digits of the recipe's SHA-256>`: the group's directory in the cache. */
export function recipeKey(recipe: Recipe): string {
  return `${recipe.group}-${recipe.version}-${digest(JSON.stringify(recipe))}`;
}

/** The key of the directory that holds the binaries of all given groups. */
export function setKey(recipes: readonly Recipe[]): string {
  return `lab-${VERSIONS.kubernetes}-${digest(recipes.map(recipeKey).join('\n'))}`;
}

/** Every file name a group provides. */
export function outputNames(recipe: Recipe): string[] {
  return recipe.targets.flatMap((t) => [t.output, ...(t.names ?? [])]);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
