/** One Debian package of a base. */
export interface Package {
  readonly name: string;
  /** The release's own version may be too old: take the backports' where there are any. */
  readonly backports: boolean;
}

/** Reads a packages.txt: a package a line, optionally with the word `backports`; `#` begins a comment line. */
export function parsePackages(text: string): Package[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', mark] = line.split(/\s+/);
      return { name, backports: mark === 'backports' };
    });
}

/** Where this machine gets Debian from. */
export interface Mirrors {
  /** Code name of the machine's release; the images' release, because what is compiled here must run there. */
  readonly release: string;
  readonly archive: string;
  readonly security?: string;
}

/** Reads `apt-get indextargets --format '$(RELEASE) $(REPO_URI)'`. Undefined when the release has no mirror. */
export function parseMirrors(release: string, targets: string): Mirrors | undefined {
  const uris = new Map(
    targets.split('\n').map((line) => {
      const [suite = '', uri = ''] = line.split(' ');
      return [suite, uri] as const;
    }),
  );
  const archive = uris.get(release);
  if (archive === undefined) return undefined;
  const security = uris.get(`${release}-security`);
  return { release, archive, ...(security === undefined ? {} : { security }) };
}

/** Debian releases whose libbpf and iproute2 are older than Margay needs. */
const oldReleases: ReadonlySet<string> = new Set(['bookworm']);

/** What no container reads. */
const excluded = [
  ...['doc', 'man', 'info', 'locale', 'lintian', 'bash-completion'].map((name) => `/usr/share/${name}`),
  '/usr/lib/*-linux-gnu/gconv',
];

/** Merges /usr before anything is unpacked; else the package that does it later brings all of Perl (50 MB). */
const mergedUsr = '--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr';

/** Arguments of mmdebstrap for these packages from these mirrors, into `target`. */
export function mmdebstrapArguments(
  packages: readonly Package[],
  mirrors: Mirrors,
  target: string,
): string[] {
  const { release, archive, security } = mirrors;
  const backports = oldReleases.has(release) && packages.some((p) => p.backports);
  const names = packages.map((p) => (backports && p.backports ? `${p.name}/${release}-backports` : p.name));
  const source = (uri: string, suite: string): string => `deb ${uri} ${suite} main`;
  return [
    '--variant=essential',
    mergedUsr,
    `--include=${names.join(',')}`,
    ...excluded.map((path) => `--dpkgopt=path-exclude=${path}/*`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    release,
    target,
    source(archive, release),
    source(archive, `${release}-updates`),
    ...(backports ? [source(archive, `${release}-backports`)] : []),
    ...(security === undefined ? [] : [source(security, `${release}-security`)]),
  ];
}
