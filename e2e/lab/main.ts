import { Command } from 'commander';
import { ensureBinaries, ensureConformance } from './binaries/build.ts';
import { binariesDir, conformanceDir } from './binaries/paths.ts';
import { LabError } from './errors.ts';
import { isPlace, openLab } from './lab.ts';
import { DEFAULT_LAB, type CniKind, type KubeProxyMode, type LabOptions } from './options.ts';
import type { Families } from './address-plan.ts';
import { stderrProgress } from './progress.ts';
import { addNode, startLab } from './start.ts';
import { labNames } from './state.ts';
import { removeLab, runningState } from './teardown.ts';

const progress = stderrProgress('lab');

interface Named {
  name: string;
}

interface UpFlags extends Named {
  subnet?: string;
  nodes?: string;
  zones?: string;
  families?: Families;
  kubeProxy?: KubeProxyMode;
  cni?: CniKind;
  apiServers?: string;
  mtu?: string;
  dns: boolean;
}

const program = new Command('lab')
  .description('A real Kubernetes cluster on this machine.')
  .option('--name <lab>', 'which lab', process.env['LAB'] ?? DEFAULT_LAB)
  .enablePositionalOptions();

program
  .command('up')
  .description('start a cluster')
  .option('--nodes <n>', 'number of nodes (3)')
  .option('--zones <names>', 'comma-separated, given to the nodes in turn')
  .option('--families <f>', 'IPv4 or dual (IPv4)')
  .option('--kube-proxy <mode>', 'iptables, nftables or none (iptables)')
  .option('--cni <kind>', 'none or ptp (none)')
  .option('--api-servers <n>', '1 or 2 (1)')
  .option('--subnet <cidr>', 'IPv4 /24 of its network (10.240.0.0/24)')
  .option('--mtu <bytes>', 'of every interface (1500)')
  .option('--no-dns', 'without CoreDNS')
  .action(async (_: unknown, command: Command) => {
    const lab = await startLab(labOptions(command.optsWithGlobals<UpFlags>()), progress);
    process.stdout.write(`export KUBECONFIG=${lab.kubeconfig}\n`);
  });

program
  .command('down')
  .description('remove a lab and every trace of it')
  .action(async (_: unknown, command: Command) => removeLab(command.optsWithGlobals<Named>().name, progress));

program
  .command('status')
  .description('list the labs and what runs in them')
  .action(async () => {
    for (const name of await labNames()) {
      const running = (await runningState(name)) !== undefined;
      process.stdout.write(
        `${name}: ${running ? 'running' : 'remains of a crashed one; remove them with: lab down'}\n`,
      );
      if (running)
        process.stdout.write(await (await openLab(name)).kubectl(['get', 'nodes,pods', '-A', '-o', 'wide']));
    }
  });

program
  .command('kubectl')
  .description('run kubectl as the administrator')
  .argument('[args...]')
  .passThroughOptions()
  .allowUnknownOption()
  .helpOption(false)
  .action(async (args: string[], _: unknown, command: Command) => {
    const lab = await openLab(command.optsWithGlobals<Named>().name);
    process.exitCode = await lab.interactive('control-plane', [lab.binary('kubectl'), ...args]);
  });

program
  .command('exec')
  .description('run a command on a node, in control-plane, or outside')
  .argument('<where>')
  .argument('<command...>')
  .passThroughOptions()
  .action(async (where: string, argv: [string, ...string[]], _: unknown, command: Command) => {
    const lab = await openLab(command.optsWithGlobals<Named>().name);
    process.exitCode = await lab.interactive(where, argv);
  });

program
  .command('shell')
  .description('a shell with kubectl set up; on a node, in control-plane or outside when one is named')
  .argument('[where]', '', 'control-plane')
  .action(async (where: string, _: unknown, command: Command) => {
    const lab = await openLab(command.optsWithGlobals<Named>().name);
    const env = isPlace(where) ? [`PATH=${lab.state.binaries}:${process.env['PATH'] ?? ''}`] : [];
    process.exitCode = await lab.interactive(where, ['env', ...env, `PS1=${where}# `, 'bash', '--norc']);
  });

program
  .command('add-node')
  .description('add a node to a running lab')
  .option('--zone <name>')
  .action(async (_: unknown, command: Command) => {
    const flags = command.optsWithGlobals<Named & { zone?: string }>();
    const node = await addNode(await openLab(flags.name), flags.zone, progress);
    process.stdout.write(`${node.name}\n`);
  });

program
  .command('load')
  .description('import docker-archives on every node')
  .argument('<archive...>')
  .action(async (archives: string[], _: unknown, command: Command) => {
    await (await openLab(command.optsWithGlobals<Named>().name)).loadImages(archives);
  });

program
  .command('kubelet')
  .description('stop or start the kubelet of a node')
  .argument('<verb>', 'stop or start')
  .argument('<node>')
  .action(async (verb: string, name: string, _: unknown, command: Command) => {
    const node = (await openLab(command.optsWithGlobals<Named>().name)).node(name);
    await (either(verb, 'stop', 'start') ? node.stopKubelet() : node.startKubelet());
  });

program
  .command('link')
  .description('cut a node off the network or reconnect it')
  .argument('<verb>', 'cut or connect')
  .argument('<node>')
  .action(async (verb: string, node: string, _: unknown, command: Command) => {
    await (
      await openLab(command.optsWithGlobals<Named>().name)
    ).setConnected(node, !either(verb, 'cut', 'connect'));
  });

program
  .command('logs')
  .description('copy the logs of everything into a directory')
  .argument('<directory>')
  .action(async (dir: string, _: unknown, command: Command) => {
    await (await openLab(command.optsWithGlobals<Named>().name)).collectLogs(dir);
  });

program
  .command('binaries')
  .description('build what is missing of the binaries and print their directory')
  .option('--print-dir', 'only print the directory, build nothing')
  .option('--conformance', "the upstream test suite's instead")
  .action(async (options: { printDir?: boolean; conformance?: boolean }) => {
    const conformance = options.conformance === true;
    if (options.printDir !== true) await (conformance ? ensureConformance : ensureBinaries)(progress);
    process.stdout.write(`${conformance ? conformanceDir() : binariesDir()}\n`);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = 1;
}

function labOptions(flags: UpFlags): LabOptions {
  const { nodes, zones, apiServers, mtu, name, subnet, families, kubeProxy, cni, dns } = flags;
  const given = {
    ...{ name, subnet, families, kubeProxy, cni, dns },
    nodes: nodes === undefined ? undefined : Number(nodes),
    zones: zones?.split(','),
    apiServers: apiServers === undefined ? undefined : (Number(apiServers) as 1 | 2),
    mtu: mtu === undefined ? undefined : Number(mtu),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** True for the first word, false for the second; anything else is refused. */
function either(given: string, first: string, second: string): boolean {
  if (given === first) return true;
  if (given === second) return false;
  throw new LabError('BadOption', `"${given}": write ${first} or ${second}`);
}
