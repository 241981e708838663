// Bundles the pages into a folder (build/web by default), each file beside its gzip form. Nothing is fetched.
import { build } from 'esbuild';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../../build/web'));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const common = { bundle: true, minify: true, target: 'es2021', charset: 'utf8', legalComments: 'linked', logLevel: 'warning', absWorkingDir: here };
await Promise.all([
  build({ ...common, entryPoints: { woodshed: 'src/main.tsx' }, format: 'esm', outdir: out, jsx: 'automatic', jsxImportSource: 'preact' }),
  build({ ...common, entryPoints: { woodshed: 'src/style/index.css' }, outdir: out }),
  build({ ...common, entryPoints: { worklet: 'src/live/worklet.ts' }, format: 'esm', outdir: out }),
  // Verovio's own module looks for node's modules where it runs in node
  build({ ...common, entryPoints: { engraver: 'src/score/engraver_worker.ts' }, format: 'iife', outdir: out, external: ['node:*'], logOverride: { 'empty-import-meta': 'silent' } }),
]);
for (const file of ['index.html', 'icon.svg']) await cp(join(here, file), join(out, file));
for (const name of await readdir(out)) {
  const bytes = await readFile(join(out, name));
  await writeFile(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
