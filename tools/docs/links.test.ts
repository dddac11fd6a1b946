import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

/** Relative links of a Markdown text, without their anchors. */
function relativeLinks(text: string): readonly string[] {
  const targets = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

test('links are told from addresses and anchors', () => {
  const text = '[a](b/c.md#d) [e](https://example.com/f) [g](#h) ![i](j.svg)';
  assert.deepEqual(relativeLinks(text), ['b/c.md', 'j.svg']);
});

test('every relative link of the documents leads somewhere', () => {
  const files = execFileSync('git', ['ls-files', '-z', '--', '*.md'], { encoding: 'utf8' }).split('\0');
  const pages = files.filter((file) => file !== '' && existsSync(file));
  const broken = pages.flatMap((file) =>
    relativeLinks(readFileSync(file, 'utf8'))
      .filter((target) => !existsSync(join(dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  );
  assert.ok(pages.length > 0);
  assert.deepEqual(broken, []);
});
