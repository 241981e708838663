// The JSON Schemas that the field list is written to, judged by ajv, against our own reader: the same documents must be valid for
// both. Documents are the courses of content/ and tests/content/, and each of their fields taken away or put wrong in turn.
//
//   node compare.mjs ANSWERS_PROGRAM FOLDER...
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";
import { parse } from "yaml";

const [program, ...folders] = process.argv.slice(2);
const ajv = new Ajv({ allErrors: false, strict: true, strictRequired: false, strictTypes: false });
const judges = {};
for (const kind of ["course", "unit", "rubric", "policy"]) {
  judges[kind] = ajv.compile(JSON.parse(execFileSync(program, [kind], { encoding: "utf8" })));
}

const kindOf = (path) =>
  path.endsWith("course.yaml") ? "course" : path.includes("/units/") ? "unit" : path.includes("/rubrics/") ? "rubric"
    : path.includes("/policies/") ? "policy" : null;

function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (name.endsWith(".yaml")) yield path;
  }
}

const wrong = [null, true, 0, -1, 1, 0.5, 2.5, 1000, 1e9, "", "x", "ten letters and more", "Not An Id!", "a/b-c", "../up", "scale",
  "clap", "drill", "flute", "y".repeat(300), "z".repeat(5000), [], ["x"], ["x", "y", "x"], [1], {}, { pitch: 0.9 }, { pitch: 2 },
  { strange: true }];

// Every place of a document: [holder, key].
function* places(node) {
  if (node === null || typeof node !== "object") return;
  for (const key of Object.keys(node)) {
    yield [node, key];
    yield* places(node[key]);
  }
}

function* variants(doc) {
  yield structuredClone(doc);
  for (const [holder, key] of [...places(doc)]) {
    const kept = holder[key];
    for (const value of wrong) {
      holder[key] = value;
      yield structuredClone(doc);
    }
    if (Array.isArray(holder)) {
      holder[key] = kept;
    } else {
      delete holder[key];
      yield structuredClone(doc);
      holder[key] = kept;
      holder.strange = 1;
      yield structuredClone(doc);
      delete holder.strange;
    }
  }
}

const asked = [];
const seen = new Set();
for (const folder of folders) {
  for (const path of files(folder)) {
    const kind = kindOf(path);
    let doc;
    try {
      doc = parse(readFileSync(path, "utf8"));
    } catch {
      continue; // not YAML: nothing for a schema to say
    }
    if (!kind || doc === null || typeof doc !== "object") continue;
    const whole = path.includes("/good/") || path.includes("applied-instrumental");
    for (const variant of whole ? variants(doc) : [doc]) {
      const line = `${kind}\t${JSON.stringify(variant)}`;
      if (!seen.has(line)) {
        seen.add(line);
        asked.push({ path, kind, variant, line });
      }
    }
  }
}

const answers = execFileSync(program, [], { input: asked.map((a) => a.line + "\n").join(""), encoding: "utf8", maxBuffer: 1 << 28 })
  .trimEnd().split("\n");
if (answers.length !== asked.length) throw new Error(`${asked.length} questions, ${answers.length} answers`);
let valid = 0;
let differ = 0;
asked.forEach((a, i) => {
  const theirs = judges[a.kind](a.variant);
  const ours = answers[i] === "valid";
  valid += theirs ? 1 : 0;
  if (theirs !== ours && differ++ < 20) {
    console.log(`${a.path}: ajv says ${theirs ? "valid" : ajv.errorsText(judges[a.kind].errors)}; we say ${answers[i]}`);
  }
});
console.log(`${asked.length} documents, ${valid} valid, ${differ} differences`);
if (differ > 0 || valid < 10 || valid > asked.length - 10) process.exit(1);
