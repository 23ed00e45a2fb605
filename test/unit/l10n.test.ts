import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { MESSAGES } from '../../src/platform/messages.ts';
import { bundle, manifest, nls, nlsKeys, sources } from '../fakes/manifest.ts';

/** Files that hand a text on; what they hand on is found where it is written. */
const HANDS_ON = new Set(['src/platform/l10n.ts', 'src/platform/translate.ts']);

/** Every text given to `l10n.t`; one that is not written there as a literal cannot be translated and is a finding of its own. */
const used = (): { readonly texts: ReadonlyMap<string, string>; readonly notLiteral: readonly string[] } => {
  const texts = new Map<string, string>();
  const notLiteral: string[] = [];
  for (const { file, text } of sources('src')) {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (
        ts.isCallExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        node.expression.name.text === 't' &&
        /\bl10n$/.test(node.expression.expression.getText())
      ) {
        const [first] = node.arguments;
        if (first && ts.isStringLiteralLike(first)) texts.set(first.text, file);
        else if (!HANDS_ON.has(file)) notLiteral.push(`${file}: ${node.getText()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { texts, notLiteral };
};

const placeholders = (text: string): string =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name)
    .sort()
    .join();

describe('languages', () => {
  const { texts, notLiteral } = used();

  it('every text is a literal where it is used', () => {
    assert.ok(texts.size > 100, 'texts are found at all');
    assert.deepEqual(notLiteral, []);
  });

  it('every text of the code has a Chinese translation with the same placeholders', () => {
    const wrong: string[] = [];
    for (const [text, file] of texts) {
      const translated = bundle[text];
      if (translated === undefined || translated.trim() === '') wrong.push(`${file}: no translation of ${JSON.stringify(text)}`);
      else if (placeholders(translated) !== placeholders(text)) wrong.push(`${file}: other placeholders in ${JSON.stringify(translated)}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('every message of the core has a Chinese translation with the same placeholders', () => {
    const wrong: string[] = [];
    for (const [key, text] of Object.entries(MESSAGES)) {
      const translated = bundle[text];
      if (translated === undefined) wrong.push(`${key}: no translation of ${JSON.stringify(text)}`);
      else if (placeholders(translated) !== placeholders(text)) wrong.push(`${key}: other placeholders in ${JSON.stringify(translated)}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('no translation is left over', () => {
    const known = new Set<string>([...texts.keys(), ...Object.values(MESSAGES)]);
    assert.deepEqual(
      Object.keys(bundle).filter((text) => !known.has(text)),
      [],
    );
  });

  it('every key of package.json has a text in both languages, and no text is left over', () => {
    const keys = [...new Set(nlsKeys(manifest))].sort();
    assert.deepEqual(Object.keys(nls.en).sort(), keys);
    assert.deepEqual(Object.keys(nls.zh).sort(), keys);
    for (const key of keys) assert.notEqual(nls.en[key]?.trim(), '', key);
  });

  it('the welcome texts have the same buttons in both languages', () => {
    const links = (text: string): readonly string[] => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? '');
    for (const key of Object.keys(nls.en).filter((name) => name.startsWith('welcome.'))) {
      assert.deepEqual(links(nls.zh[key] ?? ''), links(nls.en[key] ?? ''), key);
    }
  });

  it('names commands as the palette does', () => {
    for (const [key, text] of Object.entries(nls.en)) {
      const translated = bundle[text];
      if (key.startsWith('command.') && translated !== undefined) assert.equal(translated, nls.zh[key], key);
    }
  });
});
