import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LabError } from '../lab/errors.ts';
import { readReport } from './ginkgo-report.ts';

const spec = (state: string, name: string, more: object = {}): object => ({
  ContainerHierarchyTexts: ['[sig-network] Services'],
  LeafNodeType: 'It',
  LeafNodeText: name,
  State: state,
  StartTime: '2026-01-02T03:04:05.5Z',
  EndTime: '2026-01-02T03:04:07.5Z',
  ...more,
});
const report = (...specs: object[]): string => JSON.stringify([{ SpecReports: specs }]);

test('a spec in the focus has its name, times, message and all that it wrote', () => {
  const failure = { Failure: { Message: 'no answer' }, CapturedGinkgoWriterOutput: 'out' };
  const [found] = readReport(
    report(spec('failed', 'a [Conformance]', { ...failure, SpecEvents: [{ Message: 'in ns' }] })),
    String.raw`\[Conformance\]`,
  );
  const began = Date.UTC(2026, 0, 2, 3, 4, 5, 500);
  assert.deepEqual(found, {
    name: '[sig-network] Services a [Conformance]',
    outcome: 'failed',
    began,
    ended: began + 2000,
    message: 'no answer',
    text: 'out\nin ns',
  });
});

test('every state that is not passed, skipped or pending is a failure', () => {
  const states = ['passed', 'failed', 'panicked', 'timedout', 'interrupted', 'aborted', 'skipped', 'pending'];
  const outcomes = readReport(report(...states.map((state) => spec(state, state))), '.').map(
    (s) => s.outcome,
  );
  assert.deepEqual(outcomes, ['passed', ...Array<string>(5).fill('failed'), 'skipped', 'skipped']);
});

test('specs outside the focus do not count, a failing set-up does', () => {
  const setUp = { ContainerHierarchyTexts: null, LeafNodeType: 'SynchronizedBeforeSuite', LeafNodeText: '' };
  const found = readReport(
    report(spec('skipped', 'other'), spec('failed', '', setUp), spec('passed', '', setUp)),
    'nothing like it',
  );
  assert.deepEqual(
    found.map(({ name, outcome }) => ({ name, outcome })),
    [{ name: '[SynchronizedBeforeSuite]', outcome: 'failed' }],
  );
});

test('what is no report is refused', () => {
  assert.throws(() => readReport('{"a":', '.'), LabError);
  assert.throws(() => readReport('{}', '.'), LabError);
});
