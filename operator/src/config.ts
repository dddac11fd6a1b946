/** The operator's own settings: flags, then environment, then defaults; read once. */
import { parseArgs } from 'node:util';
import { parseDuration } from '@margay/lib/duration';
import { MargayError } from '@margay/lib/errors';
import type { LogLevel } from '@margay/lib/log';
import { Ajv } from 'ajv';

/** A flag or variable cannot be used. The message says which and what to write. */
export class ConfigError extends MargayError {
  override readonly name = 'ConfigError';
}

/** What the operator runs by. */
export interface OperatorConfig {
  /** Path of a kubeconfig; empty: the pod's service account. */
  readonly kubeconfig: string;
  /** The operator's own image; empty: as its pod says. */
  readonly image: string;
  /** Of the pod. */
  readonly podName: string;
  /** Of health and metrics. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  /** Where the ConfigMap with the API servers is mounted, if it is. */
  readonly endpointDir: string;
}

interface Flag {
  readonly variable: string;
  readonly fallback: string;
  readonly help: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

const text = { type: 'string', maxLength: 4096 };
const duration = { type: 'string', pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' };

const FLAGS = {
  kubeconfig: {
    variable: 'KUBECONFIG',
    fallback: '',
    help: "a kubeconfig instead of the pod's service account",
    schema: text,
  },
  image: {
    variable: 'MARGAY_IMAGE',
    fallback: '',
    help: "the operator's own image, when its pod cannot be asked",
    schema: text,
  },
  'pod-name': {
    variable: 'POD_NAME',
    fallback: 'margay-operator',
    help: 'name of the pod',
    schema: { ...text, minLength: 1 },
  },
  port: {
    variable: 'MARGAY_PORT',
    fallback: '9092',
    help: 'port of /healthz, /readyz and /metrics; 0 takes any',
    schema: { type: 'integer', minimum: 0, maximum: 65535 },
  },
  'log-level': {
    variable: 'MARGAY_LOG_LEVEL',
    fallback: 'info',
    help: 'error, warn, info or debug',
    schema: { enum: ['error', 'warn', 'info', 'debug'] },
  },
  'lease-duration': {
    variable: 'MARGAY_LEASE_DURATION',
    fallback: '15s',
    help: 'how long others wait for a silent leader',
    schema: duration,
  },
  'renew-deadline': {
    variable: 'MARGAY_RENEW_DEADLINE',
    fallback: '10s',
    help: 'after how long a leader that cannot renew stops',
    schema: duration,
  },
  'endpoint-dir': {
    variable: 'MARGAY_ENDPOINT_DIR',
    fallback: '/etc/margay/services-endpoint',
    help: 'where the ConfigMap kubernetes-services-endpoint is mounted',
    schema: text,
  },
} as const satisfies Record<string, Flag>;

type FlagName = keyof typeof FLAGS;

type Values = { [K in FlagName]: string } & { port: number };

const NAMES = Object.keys(FLAGS) as FlagName[];

/** The text of `--help`. */
export function helpText(): string {
  const lines = NAMES.map((name) => {
    const { variable, fallback, help } = FLAGS[name];
    return `  --${name.padEnd(16)} ${help} (${variable}${fallback === '' ? '' : `; default ${fallback}`})`;
  });
  const usage = 'margay-operator: brings every node of a cluster to what the Installation says.';
  return [
    usage,
    '',
    ...lines,
    `  --${'version'.padEnd(16)} print the version`,
    `  --${'help'.padEnd(16)} print this`,
    '',
  ].join('\n');
}

function parseFlags(argv: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const strings = NAMES.map((name) => [name, { type: 'string' as const }] as const);
  const options = {
    ...Object.fromEntries(strings),
    help: { type: 'boolean' as const },
    version: { type: 'boolean' as const },
  };
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const message = `${cause instanceof Error ? cause.message : String(cause)} (see --help)`;
    throw new ConfigError(message, { code: 'BadFlag' });
  }
}

function validated(raw: Readonly<Record<string, unknown>>): Values {
  const values = { ...raw };
  const properties = Object.fromEntries(NAMES.map((name) => [name, FLAGS[name].schema]));
  const validate = new Ajv({ coerceTypes: true, allErrors: true }).compile({ type: 'object', properties });
  if (!validate(values)) {
    const wrong = (validate.errors ?? []).map(
      (e) => `--${e.instancePath.slice(1)}: ${e.message ?? 'is wrong'}`,
    );
    throw new ConfigError(`${wrong.join('; ')} (see --help)`, { code: 'BadFlag' });
  }
  return values as unknown as Values;
}

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly config: OperatorConfig };

/** Reads flags and environment. Throws {@link ConfigError}. */
export function parseCommand(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Command {
  const flags = parseFlags(argv);
  if (flags['help'] === true) return { kind: 'help' };
  if (flags['version'] === true) return { kind: 'version' };
  const raw = NAMES.map((name) => [
    name,
    flags[name] ?? environment[FLAGS[name].variable] ?? FLAGS[name].fallback,
  ]);
  const values = validated(Object.fromEntries(raw) as Record<string, unknown>);
  const config: OperatorConfig = {
    kubeconfig: values.kubeconfig,
    image: values.image,
    podName: values['pod-name'],
    port: values.port,
    logLevel: values['log-level'] as LogLevel,
    leaseDurationMs: parseDuration(values['lease-duration']),
    renewDeadlineMs: parseDuration(values['renew-deadline']),
    endpointDir: values['endpoint-dir'],
  };
  return { kind: 'run', config: Object.freeze(config) };
}
