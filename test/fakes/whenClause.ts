/**
 * Reads a `when` clause of package.json as the editor does, as far as this project uses them: `!`, `&&`, `||`, parentheses, `==`, `!=`,
 * `=~ /…/` and bare keys. What else stands there is an error, so that no clause is read as less than it says.
 */
export type Context = Readonly<Record<string, string | number | boolean>>;

const TOKEN = /\s*(?:(&&|\|\||==|!=|=~|!|\(|\))|(\/(?:\\.|[^/\\])+\/)|'([^']*)'|([\w.:-]+))/y;

interface Token {
  readonly kind: 'sign' | 'regex' | 'text' | 'word';
  readonly text: string;
}

const tokensOf = (clause: string): readonly Token[] => {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (clause.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const [, sign, regex, text, word] = TOKEN.exec(clause) ?? [];
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (regex !== undefined) tokens.push({ kind: 'regex', text: regex.slice(1, -1) });
    else if (text !== undefined) tokens.push({ kind: 'text', text });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else throw new Error(`not understood at ${String(at)}: ${clause}`);
  }
  return tokens;
};

/** True for no clause at all. */
export const holds = (clause: string | undefined, context: Context): boolean => {
  if (clause === undefined) return true;
  const rest = [...tokensOf(clause)];
  const next = (): Token => {
    const token = rest.shift();
    if (!token) throw new Error(`ends too early: ${clause}`);
    return token;
  };
  const takes = (sign: string): boolean => {
    if (rest[0]?.kind !== 'sign' || rest[0].text !== sign) return false;
    rest.shift();
    return true;
  };
  const single = (): boolean => {
    if (takes('!')) return !single();
    if (takes('(')) {
      const inner = any();
      if (!takes(')')) throw new Error(`a parenthesis is open: ${clause}`);
      return inner;
    }
    const key = next();
    if (key.kind !== 'word') throw new Error(`a key is expected, not ${key.text}: ${clause}`);
    if (key.text === 'true' || key.text === 'false') return key.text === 'true';
    const value = context[key.text];
    if (takes('==')) return String(value ?? '') === next().text;
    if (takes('!=')) return String(value ?? '') !== next().text;
    if (takes('=~')) return new RegExp(next().text).test(String(value ?? ''));
    return Boolean(value);
  };
  const all = (): boolean => {
    let result = single();
    while (takes('&&')) result = single() && result;
    return result;
  };
  const any = (): boolean => {
    let result = all();
    while (takes('||')) result = all() || result;
    return result;
  };
  const result = any();
  if (rest.length > 0) throw new Error(`something is left over: ${clause}`);
  return result;
};
