/** Says plainly what this machine lacks for a lab, and how to mend it. Exit code 1 when there is something. */
import { existsSync } from 'node:fs';

import { binariesDir, cacheRoot } from '@margay/e2e/lab/binaries/paths';
import { resolveOptions } from '@margay/e2e/lab/options';
import { labNames } from '@margay/e2e/lab/state';
import { runningState } from '@margay/e2e/lab/teardown';
import { networkNames } from '@margay/e2e/lab/topology';

import { findings, hostChecks } from './host.ts';
import { kernelChecks } from './kernel.ts';
import { thisMachine } from './machine.ts';

/** Names of the labs of this machine in which something runs. */
async function runningLabs(): Promise<string[]> {
  const states = await Promise.all((await labNames()).map(runningState));
  return states.filter((state) => state !== undefined).map(({ options }) => options.name);
}

const { name, subnet } = resolveOptions({});
const site = {
  cache: cacheRoot(),
  checkout: process.cwd(),
  warm: existsSync(binariesDir()),
  subnet,
  ownDevices: [networkNames(name).host],
  runningLabs: await runningLabs(),
};

const found = await findings(thisMachine(), [...hostChecks(site), ...kernelChecks]);
for (const finding of found) console.error(`preflight: ${finding.what}\n           ${finding.mend}`);
if (found.length === 0) console.log('preflight: this machine has what the lab needs');
else process.exitCode = 1;
