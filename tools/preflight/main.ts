/** Says plainly what this machine lacks for a lab, and how to mend it. Exit code 1 when there is something. */
import { existsSync } from 'node:fs';

import { binariesDir, cacheRoot } from '@margay/e2e/lab/binaries/paths';

import { findings, hostChecks } from './host.ts';
import { kernelChecks } from './kernel.ts';
import { thisMachine } from './machine.ts';

const site = {
  cache: cacheRoot(),
  checkout: process.cwd(),
  warm: existsSync(binariesDir()),
  subnet: process.env['LAB_SUBNET'] ?? '10.240.0.0/24',
  labs: '/var/lib/margay-lab',
};

const found = await findings(thisMachine(), [...hostChecks(site), ...kernelChecks]);
for (const finding of found) console.error(`preflight: ${finding.what}\n           ${finding.mend}`);
if (found.length === 0) console.log('preflight: this machine has what the lab needs');
else process.exitCode = 1;
