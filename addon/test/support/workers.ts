/** Worker threads that use the addon and are ended while they do; afterwards it still works here. A process of its own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { loadNative } from '../../src/native.ts';
import { fixture, programOf } from './fixtures.ts';

const busy = join(import.meta.dirname, 'busy.ts');
// The loader of the main thread does not reach workers.
const tsx = import.meta.resolve('tsx/esm/api');
const script = `import('${tsx}').then(({ tsImport }) => tsImport('${busy}', 'file://${busy}'));`;

const native = loadNative();
for (let i = 0; i < 5; i++) {
  const worker = new Worker(script, { eval: true, workerData: 'stay', execArgv: [] });
  assert.deepEqual(await once(worker, 'message'), ['busy']);
  await worker.terminate();
}
const object = await native.load({ path: fixture('basic') });
const { retval } = await programOf(object, 'pass_one').testRun({ data: new Uint8Array(64) });
assert.equal(retval, 0xffffffff);
object.close();
