// Every word the pages say stands in words/en.json: each key that is used is there, each that is there is used, and no page
// writes words of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const words = JSON.parse(readFileSync(join(here, 'words/en.json'), 'utf8'));
const files = readdirSync(join(here, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f));
const used = new Set();
const prefixes = new Set();
const faults = [];
const spoken = new Set(['aria-label', 'title', 'alt', 'placeholder', 'label', 'name', 'text', 'hint']);
const hasWord = (text) => /\p{L}{2,}/u.test(text);

function visit(node, source, file) {
  const place = () => `src/${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    if (Object.hasOwn(words, node.text)) used.add(node.text);
  }
  if (ts.isTemplateExpression(node) && node.head.text) prefixes.add(node.head.text);
  if (ts.isTemplateExpression(node) && !node.head.text) prefixes.add('*' + node.templateSpans[0].literal.text);
  if (ts.isJsxText(node) && hasWord(node.text)) faults.push(`${place()}: "${node.text.trim()}" belongs into words/en.json`);
  if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
    const name = node.name.getText(source);
    if (spoken.has(name) && hasWord(node.initializer.text) && !Object.hasOwn(words, node.initializer.text) && name !== 'name')
      faults.push(`${place()}: ${name}="${node.initializer.text}" belongs into words/en.json`);
  }
  if (ts.isCallExpression(node) && node.expression.getText(source) === 'say') {
    const first = node.arguments[0];
    if (first && ts.isStringLiteral(first) && !Object.hasOwn(words, first.text)) faults.push(`${place()}: "${first.text}" is not in words/en.json`);
  }
  ts.forEachChild(node, (child) => visit(child, source, file));
}

for (const file of files) {
  const text = readFileSync(join(here, 'src', file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  visit(source, source, file);
}
for (const key of Object.keys(words)) {
  const made = [...prefixes].some((p) => (p.startsWith('*') ? p.length > 2 && key.endsWith(p.slice(1)) : /_$/.test(p) && key.startsWith(p)));
  if (!used.has(key) && !made) faults.push(`words/en.json: nobody says "${key}"`);
}
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
