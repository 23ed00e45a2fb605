/**
 * Both languages are complete: every text of package.json and of the code has its Chinese, with the same placeholders, and nothing
 * is translated that nobody says any more. Texts are found where they are used: literals given to a function named `t`, and MESSAGES.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { MESSAGES } from '../../src/platform/messages.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const HOST = ['src/views', 'src/commands', 'src/platform'];
/** These pass on a text that was found elsewhere. */
const PASS_ON = new Set(['src/platform/translate.ts', 'src/platform/l10n.ts']);

const problems: string[] = [];
const complain = (text: string): void => void problems.push(text);
const json = (file: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as Readonly<Record<string, unknown>>;

const placeholders = (text: string): string => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
const isEmpty = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

const sourceFiles = (): readonly string[] => [
  'src/extension.ts',
  ...HOST.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  ),
];

const textsOf = (file: string): readonly string[] => {
  const source = ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2023, true);
  const texts: string[] = [];
  const take = (argument: ts.Expression): void => {
    if (ts.isStringLiteralLike(argument)) texts.push(argument.text);
    else if (ts.isConditionalExpression(argument)) [argument.whenTrue, argument.whenFalse].forEach(take);
    else if (ts.isParenthesizedExpression(argument)) take(argument.expression);
    else if (!PASS_ON.has(file)) {
      const { line } = source.getLineAndCharacterOfPosition(argument.getStart());
      complain(`${file}:${String(line + 1)}: the text is not a literal, so nobody can tell whether it is translated`);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
      const [first] = node.arguments;
      if (name === 't' && first !== undefined) take(first);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
};

const checkBundle = (): void => {
  const file = 'l10n/bundle.l10n.zh-cn.json';
  const bundle = json(file);
  const said = new Set([...sourceFiles().flatMap(textsOf), ...Object.values(MESSAGES)]);
  for (const text of said) {
    const translation = bundle[text];
    if (isEmpty(translation)) complain(`${file} lacks ${JSON.stringify(text)}`);
    else if (placeholders(text) !== placeholders(String(translation))) complain(`${file}: other placeholders in ${JSON.stringify(text)}`);
  }
  for (const text of Object.keys(bundle)) if (!said.has(text)) complain(`${file}: nobody says ${JSON.stringify(text)}`);
};

const checkManifest = (): void => {
  const english = json('package.nls.json');
  const chinese = json('package.nls.zh-cn.json');
  const used = new Set(
    [...readFileSync(path.join(ROOT, 'package.json'), 'utf8').matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1] ?? ''),
  );
  for (const key of used) if (isEmpty(english[key])) complain(`package.nls.json lacks ${key}`);
  for (const key of Object.keys(english)) {
    if (!used.has(key)) complain(`package.nls.json: package.json does not use ${key}`);
    if (isEmpty(chinese[key])) complain(`package.nls.zh-cn.json lacks ${key}`);
  }
  for (const key of Object.keys(chinese)) if (!(key in english)) complain(`package.nls.zh-cn.json: no English for ${key}`);
};

checkManifest();
checkBundle();
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'both languages are complete' : `${String(problems.length)} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
