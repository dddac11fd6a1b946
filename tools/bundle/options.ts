import type { BuildOptions } from 'esbuild';

/** One binary that ships as a bundle. */
export interface Bundle {
  /** File name without its ending; also the image's command. */
  readonly name: string;
  /** Source file, from the root of the checkout. */
  readonly entry: string;
}

/** Every binary that ships as a bundle. */
export const bundles: readonly Bundle[] = [
  { name: 'margay-operator', entry: 'operator/src/main.ts' },
  { name: 'margay-agent', entry: 'agent/src/main.ts' },
  { name: 'kubectl-margay', entry: 'cli/src/main.ts' },
];

/**
 * `require` for the CommonJS modules inside an ES module, and nothing else: everything that a binary
 * imports is in its bundle, except the addon, which is loaded by its path.
 */
const banner =
  "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

/**
 * How esbuild makes one bundle. `version` replaces `process.env.MARGAY_VERSION`. Names are kept (they
 * are in stack traces); comments and white space go, which keeps what Node must hold of the source small.
 */
export function bundleOptions(bundle: Bundle, version: string, outdir: string): BuildOptions {
  return {
    entryPoints: { [bundle.name]: bundle.entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    legalComments: 'none',
    external: ['*.node'],
    define: { 'process.env.MARGAY_VERSION': JSON.stringify(version) },
    banner: { js: banner },
    logLevel: 'warning',
  };
}
