import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { isKernelError } from '../src/errors.ts';
import { loadNative } from '../src/native.ts';
import { bpffs, fixture, mapOf, programOf, u32, u64, words } from './support/fixtures.ts';
import { isolated } from './support/isolate.ts';

function define(): void {
  const native = loadNative();
  const basic = fixture('basic');
  const packet = new Uint8Array(64);

  test('an object has its maps and programs by name', async () => {
    const object = await native.load({ path: basic });
    assert.deepEqual([...object.maps.keys()].sort(), [
      '.rodata',
      'backends',
      'counters',

      'events',
      'flows',
      'prefixes',
    ]);
    const { name, tag, xlatedInstructions, verifiedInstructions, jitedBytes } = programOf(
      object,
      'configured',
    );
    assert.equal(name, 'configured');
    assert.match(tag, /^[0-9a-f]{16}$/);
    for (const size of [xlatedInstructions, verifiedInstructions, jitedBytes]) assert.ok(size > 5);
    object.close();
  });

  test('constants are set by name; others keep what they have', async () => {
    const object = await native.load({ path: basic, rodata: { settings: u32(7, 99) } });
    const result = await programOf(object, 'configured').testRun({ data: packet, repeat: 10 });
    assert.equal(result.retval, 7);
    assert.equal(new DataView(result.context.buffer).getUint32(8, true), 99);
    assert.equal(result.data.length, 64);
    assert.equal(Buffer.from(mapOf(object, '.rodata').lookup(u32(0)) as Uint8Array).includes('abcd'), true);
    object.close();
  });

  test('a constant that is absent or of another size is named', async () => {
    await assert.rejects(native.load({ path: basic, rodata: { absent: u32(1) } }), /has no constant absent/);
    await assert.rejects(
      native.load({ path: basic, rodata: { settings: u32(1) } }),
      /settings takes 8 bytes, not 4/,
    );
  });

  test('only the named programs are loaded', async () => {
    const object = await native.load({ path: basic, programs: ['pass_one'] });
    assert.deepEqual([...object.programs.keys()], ['pass_one']);
    object.close();
    await assert.rejects(native.load({ path: basic, programs: ['absent'] }), /has no program absent/);
    await assert.rejects(native.load({ path: basic, maxEntries: { absent: 1 } }), /has no map absent/);
  });

  test('a test run takes a context, and the packet comes back', async () => {
    const object = await native.load({ path: basic });
    const context = new Uint8Array(192);
    new DataView(context.buffer).setUint32(8, 5, true);
    const data = Uint8Array.from({ length: 100 }, (_, i) => i);
    const result = await programOf(object, 'pass_one').testRun({ data, context });
    assert.equal(result.retval, 0xffffffff);
    assert.deepEqual(result.data, data);
    assert.equal(new DataView(result.context.buffer).getUint32(8, true), 5);
    await assert.rejects(programOf(object, 'pass_one').testRun({ data: new Uint8Array(4) }), isKernelError);
    object.close();
  });

  test('pinned maps are reused, with what is in them', async (t) => {
    const pinDir = join(bpffs(t), 'deep', 'maps');
    const first = await native.load({ path: basic, pinDir });
    mapOf(first, 'flows').update(u64(1), u64(2));
    assert.equal(existsSync(join(pinDir, 'flows')), true);
    assert.deepEqual(
      [...first.maps.keys()].filter((name) => existsSync(join(pinDir, name))).includes('.rodata'),
      false,
    );
    const second = await native.load({ path: basic, pinDir, rodata: { settings: u32(3, 3) } });
    assert.equal(mapOf(second, 'flows').info.id, mapOf(first, 'flows').info.id);
    assert.notEqual(mapOf(second, '.rodata').info.id, mapOf(first, '.rodata').info.id);
    first.close();
    assert.deepEqual(words(mapOf(second, 'flows').lookup(u64(1)) as Uint8Array), [2n]);
    second.close();
    const flows = native.openPinnedMap(join(pinDir, 'flows'));
    assert.deepEqual([flows.info.name, flows.info.valueSize], ['flows', 8]);
    flows.close();
  });

  test('a pinned map of another size is refused, and stays', async (t) => {
    const pinDir = bpffs(t);
    const first = await native.load({ path: basic, pinDir });
    const resized = native.load({ path: basic, pinDir, maxEntries: { flows: 8 } });
    await assert.rejects(resized, (error: unknown) => {
      assert.ok(isKernelError(error, 'EINVAL'));
      assert.match(error.message, /flows': parameter mismatch/);
      return true;
    });
    assert.equal(native.openPinnedMap(join(pinDir, 'flows')).info.id, mapOf(first, 'flows').info.id);
    first.close();
  });

  test('a load that fails leaves no pins', async (t) => {
    const pinDir = bpffs(t);
    await assert.rejects(native.load({ path: fixture('refused'), pinDir }), isKernelError);
    assert.equal(existsSync(join(pinDir, 'cells')), false);
  });

  test('a pin is of the kind that was asked for', async (t) => {
    const dir = bpffs(t);
    const object = await native.load({ path: basic });
    mapOf(object, 'flows').pin(join(dir, 'map'));
    programOf(object, 'pass_one').pin(join(dir, 'program'));
    const wrongKind = (error: unknown) => isKernelError(error, 'EINVAL');
    assert.throws(() => native.openPinnedMap(join(dir, 'program')), wrongKind);
    assert.throws(() => native.openPinnedLink(join(dir, 'map')), wrongKind);
    assert.throws(
      () => native.openPinnedMap(join(dir, 'absent')),
      (error: unknown) => isKernelError(error, 'ENOENT'),
    );
    assert.throws(
      () => mapOf(object, 'flows').pin(join(dir, 'map')),
      (error: unknown) => isKernelError(error, 'EEXIST'),
    );
    object.close();
  });

  test('types of an object file', async () => {
    const types = await native.readBtf(basic);
    const record = types.find((type) => type.kind === 'struct' && type.name === 'settings');
    assert.ok(record?.kind === 'struct');
    assert.equal(record.size, 8);
    assert.deepEqual(record.members[1], {
      name: 'mark',
      offset: 4,
      type: { kind: 'int', name: '__u32', size: 4, signed: false },
    });
    await assert.rejects(native.readBtf('/dev/null'), isKernelError);
  });
}

if (isolated(import.meta.filename)) define();
