// Says by its exit code whether node_modules holds exactly what package-lock.json names, so that
// `make` runs `npm ci`, which starts by deleting everything, only when it must.
// Plain JavaScript: nothing is installed yet when it runs.
import { readFileSync } from 'node:fs';

/** Version and content hash by folder, of the entries that every platform installs. */
function installed(path) {
  const entries = Object.entries(JSON.parse(readFileSync(path, 'utf8')).packages);
  const wanted = entries.filter(([folder, entry]) => folder.startsWith('node_modules/') && !entry.optional);
  return new Map(wanted.map(([folder, entry]) => [folder, `${entry.version} ${entry.integrity}`]));
}

let there;
try {
  there = installed('node_modules/.package-lock.json');
} catch {
  process.exit(1); // nothing is installed
}
const wanted = installed('package-lock.json');
process.exit([...wanted].every(([folder, what]) => there.get(folder) === what) ? 0 : 1);
