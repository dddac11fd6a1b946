import type { Recipe } from './recipe.ts';

/** The staging modules that Kubernetes' own go.mod requires at v0.0.0 and replaces by folders of its tree. */
export function stagingModules(kubernetesGoMod: string): string[] {
  return kubernetesGoMod
    .split('\n')
    .map((line) => /^\s+(k8s\.io\/[\w.-]+) v0\.0\.0$/.exec(line)?.[1])
    .filter((name) => name !== undefined);
}

/**
 * go.mod of the wrapper module for a recipe.
 * @param upstream text of the required module's own go.mod; its `go` and `godebug` lines are kept, because a
 *   dependency's are ignored by the toolchain.
 */
export function wrapperGoMod(recipe: Recipe, upstream: string): string {
  const lines = [`module margay.io/lab/${recipe.group}`, ''];
  for (const word of ['go', 'godebug']) {
    const found = new RegExp(`^${word} .+$`, 'm').exec(upstream);
    if (found) lines.push(found[0], '');
  }
  lines.push(`require ${recipe.module} ${recipe.moduleVersion}`, '');
  if (recipe.module === 'k8s.io/kubernetes') {
    const staging = recipe.moduleVersion.replace(/^v1\./, 'v0.');
    lines.push('replace (', ...stagingModules(upstream).map((m) => `\t${m} => ${m} ${staging}`), ')', '');
  }
  return lines.join('\n');
}

/** Arguments of `go` that build one target into `output`. */
export function goArguments(recipe: Recipe, target: Recipe['targets'][number], output: string): string[] {
  const flags = [
    '-s',
    '-w',
    ...Object.entries(recipe.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`),
  ];
  return [
    ...(target.test === true ? ['test', '-c', '-vet=off'] : ['build', '-v']),
    '-p=2',
    '-trimpath',
    ...(recipe.tags ? [`-tags=${recipe.tags.join(',')}`] : []),
    `-ldflags=${flags.join(' ')}`,
    `-o=${output}`,
    target.package,
  ];
}
