/**
 * Every program's instructions, after verification, against bpf/budget.json. A program that grows
 * past its budget needs a reason, and the reason a commit that changes the budget.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadNative } from '@margay/addon/native';

import { Dataplane } from './dataplane.ts';
import { address } from './place.ts';

type Budget = Readonly<Record<string, Readonly<Partial<Record<'4' | '6', number>>>>>;
const budget = JSON.parse(readFileSync(join(import.meta.dirname, '../budget.json'), 'utf8')) as Budget;

for (const family of [4, 6] as const)
  test(`IPv${family}: no program exceeds its budget of instructions`, async () => {
    const plane = await Dataplane.load(loadNative(), { nodeAddr: address('node', family) });
    const programs = plane.programs();
    const over = programs
      .map(({ name, xlatedInstructions }) => ({
        name,
        is: xlatedInstructions,
        may: budget[name]?.[family] ?? 0,
      }))
      .filter(({ is, may }) => is > may);
    assert.deepEqual(over, []);
    assert.deepEqual(
      programs.map(({ name }) => name).sort(),
      Object.keys(budget)
        .filter((name) => budget[name]?.[family] !== undefined)
        .sort(),
      'every program has one',
    );
    plane.close();
  });
