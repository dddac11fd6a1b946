/** What the agent is started with: flags over environment over defaults, checked once. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MargayError } from '@margay/lib/errors';
import type { LogLevel } from '@margay/lib/log';

/** The frozen settings of a process. */
export interface AgentOptions {
  readonly command: 'run' | 'cleanup' | 'version' | 'help';
  readonly nodeName: string;
  readonly namespace: string;
  readonly metricsPort: number;
  readonly metricsHost: string;
  readonly logLevel: LogLevel;
  readonly stateDir: string;
  readonly socket: string;
  readonly bpffs: string;
  /** Empty: found in the mount table. */
  readonly cgroup: string;
  readonly objectDir: string;
  readonly endpointDir: string;
  readonly cniConfDir: string;
  readonly cniBinDir: string;
  readonly cniSourceDir: string;
}

/** The command line cannot be understood; the message says what to write. */
export class UsageError extends MargayError {
  override readonly name = 'UsageError';
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'Usage', cause });
  }
}

interface Flag {
  readonly env?: string;
  readonly default: string;
  readonly help: string;
}

function objectDir(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = [join(here, 'bpf'), join(here, '../../../build/bpf')];
  return beside.find((path) => existsSync(join(path, 'margay4.bpf.o'))) ?? join(here, 'bpf');
}

const FLAGS = {
  'node-name': { env: 'NODE_NAME', default: '', help: "this node's name" },
  namespace: { env: 'POD_NAMESPACE', default: 'margay-system', help: 'where the configuration is' },
  'metrics-port': { env: 'MARGAY_METRICS_PORT', default: '9091', help: 'port of health and metrics' },
  'metrics-host': { default: '0.0.0.0', help: 'address of health and metrics' },
  'log-level': { env: 'MARGAY_LOG_LEVEL', default: 'info', help: 'error, warn, info or debug' },
  'state-dir': { default: '/var/lib/margay', help: 'last order and last good API servers' },
  socket: { default: '/run/margay/agent.sock', help: 'socket for margay-cni' },
  bpffs: { default: '/sys/fs/bpf', help: 'mount point of bpffs' },
  cgroup: { default: '', help: "the node's cgroup2 root; empty: find it" },
  objects: { default: '', help: 'directory of the BPF objects; empty: beside this file' },
  'endpoint-dir': {
    default: '/etc/margay/services-endpoint',
    help: 'ConfigMap kubernetes-services-endpoint',
  },
  'cni-conf-dir': { default: '/etc/cni/net.d', help: "the runtime's CNI configurations" },
  'cni-bin-dir': { default: '/opt/cni/bin', help: "the runtime's CNI plugins" },
  'cni-source-dir': { default: '/opt/margay/cni', help: "the image's CNI plugins" },
} as const satisfies Record<string, Flag>;

type FlagName = keyof typeof FLAGS;

const COMMANDS = ['run', 'cleanup'] as const;
const LEVELS: readonly string[] = ['error', 'warn', 'info', 'debug'];

/** The text of `--help`. */
export function usage(): string {
  const flags = Object.entries<Flag>(FLAGS).map(([name, { env, default: value, help }]) => {
    const also = env === undefined ? '' : ` (environment ${env})`;
    return `  --${name.padEnd(16)} ${help}${also}; default: ${value || 'none'}`;
  });
  return [
    'usage: margay-agent <command> [flags]',
    '',
    '  run       keep this node as its NodeDataplane orders',
    '  cleanup   take everything of Margay off this node; needs no API server',
    '',
    ...flags,
    '  --version, --help',
    '',
  ].join('\n');
}

function commandOf(
  values: Readonly<Record<string, unknown>>,
  positionals: readonly string[],
): AgentOptions['command'] {
  if (values['help'] === true) return 'help';
  if (values['version'] === true) return 'version';
  const [name, ...rest] = positionals;
  const command = COMMANDS.find((one) => one === name);
  if (command === undefined || rest.length > 0)
    throw new UsageError(`which command? "run" or "cleanup"; see --help`);
  return command;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^[0-9]+$/.test(text) && port < 65_536) return port;
  throw new UsageError(`--metrics-port ${text}: write a number from 0 to 65535`);
}

function levelOf(text: string): LogLevel {
  if (LEVELS.includes(text)) return text as LogLevel;
  throw new UsageError(`--log-level ${text}: write error, warn, info or debug`);
}

function parse(argv: readonly string[]): ReturnType<typeof parseArgs> {
  const text = Object.fromEntries(Object.keys(FLAGS).map((name) => [name, { type: 'string' as const }]));
  const options = { ...text, version: { type: 'boolean' as const }, help: { type: 'boolean' as const } };
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}; see --help`, cause);
  }
}

/** Reads arguments and environment. @throws UsageError */
export function parseOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): AgentOptions {
  const { values, positionals } = parse(argv);
  const flag = (name: FlagName): string => {
    const { env: variable, default: value } = FLAGS[name] as Flag;
    const given = values[name];
    return typeof given === 'string'
      ? given
      : ((variable === undefined ? undefined : env[variable]) ?? value);
  };
  const command = commandOf(values, positionals);
  if (command === 'run' && flag('node-name') === '')
    throw new UsageError('--node-name, or NODE_NAME in the environment, must name this node');
  return Object.freeze({
    command,
    nodeName: flag('node-name'),
    namespace: flag('namespace'),
    metricsPort: portOf(flag('metrics-port')),
    metricsHost: flag('metrics-host'),
    logLevel: levelOf(flag('log-level')),
    stateDir: flag('state-dir'),
    socket: flag('socket'),
    bpffs: flag('bpffs'),
    cgroup: flag('cgroup'),
    objectDir: flag('objects') || objectDir(),
    endpointDir: flag('endpoint-dir'),
    cniConfDir: flag('cni-conf-dir'),
    cniBinDir: flag('cni-bin-dir'),
    cniSourceDir: flag('cni-source-dir'),
  });
}
