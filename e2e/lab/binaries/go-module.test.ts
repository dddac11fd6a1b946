import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goArguments, stagingModules, wrapperGoMod } from './go-module.ts';
import { labRecipes, recipeKey, setKey, type Recipe } from './recipe.ts';

const UPSTREAM = `module k8s.io/kubernetes

go 1.26.0

godebug default=go1.26

require (
	github.com/spf13/cobra v1.10.2
	k8s.io/api v0.0.0
	k8s.io/component-base v0.0.0
	k8s.io/klog/v2 v2.140.0
	k8s.io/utils v0.0.0-20260210185600-b8788abfbbc2
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
)
`;

const RECIPE: Recipe = {
  group: 'kubernetes',
  version: '1.36.3',
  module: 'k8s.io/kubernetes',
  moduleVersion: 'v1.36.3',
  targets: [{ package: '.', output: 'kubernetes' }],
  variables: { 'example.com/version.v': '1' },
  about: '',
};

test('the staging modules are those required at v0.0.0, and no others', () => {
  assert.deepEqual(stagingModules(UPSTREAM), ['k8s.io/api', 'k8s.io/component-base']);
});

test('the wrapper replaces them by the matching release and keeps the language version', () => {
  const lines = wrapperGoMod(RECIPE, UPSTREAM).split('\n');
  for (const line of [
    'go 1.26.0',
    'godebug default=go1.26',
    'require k8s.io/kubernetes v1.36.3',
    '\tk8s.io/api => k8s.io/api v0.36.3',
    '\tk8s.io/component-base => k8s.io/component-base v0.36.3',
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test('another module is required without replacements', () => {
  const other = wrapperGoMod(
    { ...RECIPE, module: 'example.com/x', moduleVersion: 'v2.0.0' },
    'module x\n\ngo 1.25\n',
  );
  assert.equal(other.includes('replace'), false);
  assert.match(other, /require example\.com\/x v2\.0\.0/);
});

test("a test binary is compiled, others are built; both get the linker's variables", () => {
  const [target] = RECIPE.targets;
  assert.ok(target);
  assert.deepEqual(goArguments(RECIPE, target, '/out').slice(0, 2), ['build', '-v']);
  assert.deepEqual(goArguments(RECIPE, { ...target, test: true }, '/out').slice(0, 3), [
    'test',
    '-c',
    '-vet=off',
  ]);
  assert.ok(goArguments(RECIPE, target, '/out').includes('-ldflags=-s -w -X example.com/version.v=1'));
});

test("whatever changes in a recipe changes its key and the set's", () => {
  const recipes = labRecipes();
  const changed = recipes.map((r, i) => (i === 1 ? { ...r, tags: ['other'] } : r));
  assert.notEqual(setKey(recipes), setKey(changed));
  const keys = [RECIPE, { ...RECIPE, source: 'x' }, { ...RECIPE, moduleVersion: 'v1.36.4' }].map(recipeKey);
  assert.equal(new Set(keys).size, keys.length);
});
