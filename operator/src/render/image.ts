/** The parts of `spec.images` that name an image. */
export interface ImageChoice {
  readonly registry: string;
  readonly path: string;
  readonly digests: { readonly agent?: string };
}

/** An image's name, taken apart. Empty where a part is missing. */
export interface ImageParts {
  readonly registry: string;
  readonly path: string;
  readonly name: string;
  /** The tag with its colon; a digest is left out. */
  readonly suffix: string;
}

/** A first part with a dot, a port or `localhost` is a registry, as every container runtime reads it. */
function isRegistry(part: string): boolean {
  return part.includes('.') || part.includes(':') || part === 'localhost';
}

/** Takes an image's name apart. */
export function imageParts(image: string): ImageParts {
  const at = image.indexOf('@');
  const plain = at < 0 ? image : image.slice(0, at);
  const slash = plain.lastIndexOf('/');
  const colon = plain.indexOf(':', slash + 1);
  const parts = (colon < 0 ? plain : plain.slice(0, colon)).split('/');
  const name = parts.pop() ?? '';
  const first = parts[0];
  const registry = first !== undefined && isRegistry(first) ? first : '';
  const path = (registry === '' ? parts : parts.slice(1)).join('/');
  return { registry, path, name, suffix: colon < 0 ? '' : plain.slice(colon) };
}

/**
 * The agent's image: the operator's own with `operator` in its name replaced by `agent`, from the registry and
 * path that the user gives. A digest of the operator's is not taken over, for it is not the agent's.
 * @param version tag instead of the operator's; empty: the same
 */
export function agentImage(operatorImage: string, choice: ImageChoice, version: string): string {
  const own = imageParts(operatorImage);
  const registry = choice.registry === '' ? own.registry : choice.registry;
  const path = choice.path === '' ? own.path : choice.path;
  const name = own.name.replace(/operator/, 'agent');
  const where = [registry, path, name].filter((part) => part !== '').join('/');
  if (choice.digests.agent !== undefined) return `${where}@${choice.digests.agent}`;
  return `${where}${version === '' ? own.suffix : `:${version}`}`;
}
