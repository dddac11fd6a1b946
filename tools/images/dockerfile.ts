/**
 * The sources of every `COPY` in a Dockerfile, in order: what an image is made from, and so what decides
 * whether it must be built again. Only the forms that the house's Dockerfiles use: shell form, plain paths.
 */
export function copySources(dockerfile: string): string[] {
  return dockerfile
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^COPY\s/.test(line))
    .flatMap((line) => {
      const paths = line
        .split(/\s+/)
        .filter((word) => word !== '' && word !== 'COPY' && !word.startsWith('--'));
      return paths.slice(0, -1);
    });
}
