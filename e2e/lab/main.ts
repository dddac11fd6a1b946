import { Command } from 'commander';
import { ensureBinaries, ensureConformance } from './binaries/build.ts';
import { binariesDir, conformanceDir } from './binaries/paths.ts';
import { stderrProgress } from './progress.ts';

const program = new Command('lab').description('A real Kubernetes cluster on this machine.');

program
  .command('binaries')
  .description('build what is missing of the binaries and print their directory')
  .option('--print-dir', 'only print the directory, build nothing')
  .option('--conformance', "the upstream test suite's instead")
  .action(async (options: { printDir?: boolean; conformance?: boolean }) => {
    const conformance = options.conformance === true;
    if (options.printDir !== true) {
      await (conformance ? ensureConformance : ensureBinaries)(stderrProgress('lab'));
    }
    process.stdout.write(`${conformance ? conformanceDir() : binariesDir()}\n`);
  });

await program.parseAsync();
