import { VERSIONS } from '@margay/e2e/lab/binaries/recipe';

/** A root file system that images are made from: Debian packages, and Node.js where it is needed. */
export interface Base {
  readonly name: 'product' | 'lab';
  /** File with its packages, from the root of the checkout. */
  readonly packages: string;
  /** Holds this machine's Node.js as /usr/local/bin/node. */
  readonly node: boolean;
}

/** Images that are wanted together: Margay's own, a lab's, and what only upstream's suites ask for. */
export type ImageGroup = 'product' | 'lab' | 'conformance';

/** One image under one name. */
export interface Image {
  /** What manifests call it. */
  readonly ref: string;
  readonly group: ImageGroup;
  /** Folder with its Dockerfile, from the root of the checkout. */
  readonly folder: string;
  readonly base?: Base['name'];
  /** Where the Dockerfile's COPY finds its files: the checkout, or a folder filled from the lab's binaries. */
  readonly context: 'checkout' | 'binaries';
}

/** The client of demo and scenarios that counts every failed request. */
export const LOAD_IMAGE = 'margay/load:1';

/** The bases by name. */
export const bases: Readonly<Record<Base['name'], Base>> = {
  product: { name: 'product', packages: 'deploy/images/base/packages.txt', node: true },
  lab: { name: 'lab', packages: 'deploy/images/lab/packages.txt', node: false },
};

/** Every image that can be built; `version` is the tag of the product's own. */
export function catalog(version: string): readonly Image[] {
  return [
    product(`margay/operator:${version}`, 'operator'),
    product(`margay/agent:${version}`, 'agent'),
    labImage(`registry.k8s.io/pause:${VERSIONS.pause}`, 'pause'),
    onLabBase(`registry.k8s.io/kube-proxy:v${VERSIONS.kubernetes}`, 'kube-proxy'),
    labImage(`registry.k8s.io/coredns/coredns:v${VERSIONS.coredns}`, 'coredns'),
    onLabBase(`${suites}/agnhost:${VERSIONS.agnhost}`, 'agnhost'),
    labImage(LOAD_IMAGE, 'load'),
    forSuites(onLabBase(`${suites}/agnhost:2.55`, 'agnhost')),
    forSuites(onLabBase(`${suites}/busybox:1.37.0-1`, 'busybox')),
    forSuites(onLabBase(`${suites}/glibc-dns-testing:2.0.0`, 'glibc-dns-testing')),
    forSuites(labImage(`${suites}/regression-issue-74839:1.4`, 'regression-issue-74839')),
  ];
}

/** Where upstream's suites expect the images of their tests. */
const suites = 'registry.k8s.io/e2e-test-images';

/** An image that only upstream's suites ask for, under the name that `e2e.test --list-images` gives. */
function forSuites(image: Image): Image {
  return { ...image, group: 'conformance' };
}

function product(ref: string, folder: string): Image {
  return { ref, group: 'product', folder: `deploy/images/${folder}`, base: 'product', context: 'checkout' };
}

function labImage(ref: string, folder: string): Image {
  return { ref, group: 'lab', folder: `deploy/images/lab/${folder}`, context: 'binaries' };
}

function onLabBase(ref: string, folder: string): Image {
  return { ...labImage(ref, folder), base: 'lab' };
}

/** Name of an image's archive: with the tag where an image of the suites may be there in two versions. */
export function archiveName({ ref, group }: Image): string {
  return group === 'conformance' ? ref.replace(/^.*\//, '').replace(':', '-') : shortName(ref);
}

/** `agnhost` of `registry.k8s.io/e2e-test-images/agnhost:2.63.0`. */
export function shortName(ref: string): string {
  return ref.replace(/^.*\//, '').replace(/:.*$/, '');
}
