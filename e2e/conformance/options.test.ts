import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_FOCUS, parseOptions } from './options.ts';
import { committedSkips, parseSkips, skipReason } from './skips.ts';

test('without variables: the conformance specs of the network, on a cluster of its own', () => {
  const { focus, skips, borrowed } = parseOptions({ FOCUS: '', SKIP: '' });
  assert.deepEqual({ focus, skips, borrowed }, { focus: DEFAULT_FOCUS, skips: [], borrowed: false });
  const name = '[sig-network] Services should serve [Conformance]';
  assert.ok(new RegExp(focus).test(name) && !new RegExp(focus).test(name.replace('network', 'node')));
});

test('FOCUS and SKIP must be regular expressions, PROCS a number', () => {
  for (const env of [{ FOCUS: '[' }, { SKIP: '(' }, { PROCS: '0' }, { PROCS: 'two' }])
    assert.throws(() => parseOptions(env), { code: 'BadOption' });
});

test('a skip has an expression and a reason, or is refused', () => {
  const skips = parseSkips("skips: [{spec: 'needs a \\[cloud\\]', reason: there is none}]");
  assert.equal(skipReason('this needs a [cloud]', skips), 'there is none');
  assert.equal(skipReason('this does not', skips), undefined);
  assert.throws(() => parseSkips("skips: [{spec: 'a'}]"), { code: 'BadOption' });
});

test('the committed skips can be read', async () => {
  for (const { spec } of await committedSkips()) assert.ok(new RegExp(spec));
});
