// Bundles the pages into a folder (build/web by default), each file beside its compressed forms. Nothing is fetched.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { brotliCompress, constants, gzip } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../../build/web'));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

/** Verovio's module carries its WebAssembly as a string of seven million letters, which a browser would read, decode and only then compile. It
 *  becomes a file of its own, compiled while it comes in and never read as JavaScript. */
async function takeOutWasm() {
  const path = join(here, 'node_modules/verovio/dist/verovio-module.mjs');
  const text = await readFile(path, 'utf8');
  const part = (begin, end) => {
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`${path} is made otherwise than build.mjs knows: no "${begin}"`);
    return text.slice(from, to + end.length);
  };
  const decode = part('function binaryDecode(bin){', '}return o}');
  const find = part('function findWasmBinary(){', "')}");
  const make = part('wasmBinaryFile??=findWasmBinary();', 'instantiateAsync(wasmBinary,wasmBinaryFile,info);');
  const wasm = Buffer.from(runInNewContext(`${decode}${find}findWasmBinary()`));
  if (!WebAssembly.validate(wasm)) throw new Error(`${path}: what was taken out is no WebAssembly`);
  const hash = createHash('sha256').update(wasm).digest('hex').slice(0, 8).toUpperCase();
  const name = `engraver-${hash}.wasm`;
  await writeFile(join(out, name), wasm);
  return { name, module: text.replace(find, () => '').replace(make, () => 'var result=await Module["instantiate"](info);') };
}

const wasm = await takeOutWasm();
const verovio = {
  name: 'verovio',
  setup(on) {
    on.onLoad({ filter: /verovio-module\.mjs$/ }, () => ({ contents: wasm.module, loader: 'js' }));
  },
};
const common = { bundle: true, minify: true, target: 'es2021', charset: 'utf8', legalComments: 'linked', logLevel: 'warning', absWorkingDir: here };
await Promise.all([
  build({ ...common, entryPoints: { woodshed: 'src/main.tsx' }, format: 'esm', outdir: out, jsx: 'automatic', jsxImportSource: 'preact' }),
  build({ ...common, entryPoints: { woodshed: 'src/style/index.css' }, outdir: out }),
  build({ ...common, entryPoints: { engraver_start: 'src/score/engraver_start.ts' }, format: 'iife', outdir: out }),
  build({ ...common, entryPoints: { worklet: 'src/live/worklet.ts' }, format: 'esm', outdir: out }),
  // Verovio's own module looks for node's modules where it runs in node
  build({ ...common, entryPoints: { engraver: 'src/score/engraver_worker.ts' }, format: 'iife', outdir: out, external: ['node:*'], logOverride: { 'empty-import-meta': 'silent' },
    plugins: [verovio], define: { ENGRAVER_WASM: JSON.stringify(wasm.name) } }),
]);
for (const file of ['index.html', 'icon.svg']) await cp(join(here, file), join(out, file));
await Promise.all((await readdir(out)).map(async (name) => {
  const bytes = await readFile(join(out, name));
  const path = join(out, name);
  await Promise.all([
    promisify(gzip)(bytes, { level: 9 }).then((z) => writeFile(`${path}.gz`, z)),
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
      .then((z) => writeFile(`${path}.br`, z)),
  ]);
}));
