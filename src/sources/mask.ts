const MASKED = '•••';
const MAX_SECRETS = 32;

/** Takes secrets out of text that is logged or shown. It knows the usual shapes and every secret it was told. */
export interface Masker {
  /** From now on this text is masked wherever it occurs. Short texts are not secrets. */
  readonly learn: (secret: string) => void;
  readonly mask: (text: string) => string;
}

export const createMasker = (): Masker => {
  const secrets: string[] = [];
  return {
    learn(secret) {
      if (secret.length < 6 || secrets.includes(secret)) return;
      secrets.push(secret);
      if (secrets.length > MAX_SECRETS) secrets.shift();
    },
    mask(text) {
      let out = text;
      for (const secret of secrets) out = out.replaceAll(secret, MASKED);
      return maskShapes(out);
    },
  };
};

/** What a secret is called, as the end of a name or all of it: `accessToken`, `client_secret`, `x-api-key`. */
const SECRET = String.raw`[\w-]*(?:tokens?|passwords?|passwd|secrets?|authorization|api[_-]?keys?|cookie)`;
const ASSIGNED = new RegExp(String.raw`\b(${SECRET}=)[^&\s"'•]+`, 'gi');
/** A property of JSON, or of an object as Node prints it: one text, or a list of them. */
const QUOTED = new RegExp(String.raw`(["']?\b${SECRET}["']?\s*:\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\])`, 'gi');
/** A header line; what follows its scheme is masked by then. */
const HEADER = /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key):(?![ \t]*(?:(?:bearer|basic) •|["'[•]))[^\r\n"']+/gi;

/**
 * Bearer and basic credentials, user info in an address, and what JSON, a query, a command line or a header names a secret. Used for everything that is
 * written to the output channel or shown.
 */
export const maskShapes = (text: string): string =>
  text
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASKED}`)
    .replace(/(\b[a-z][\w+.-]*:\/\/)[^/\s"']+@/gi, `$1${MASKED}@`)
    .replace(
      QUOTED,
      (_, name: string, value: string) => `${name}${value[0] === '[' ? `[${MASKED}]` : `${value[0] ?? ''}${MASKED}${value[0] ?? ''}`}`,
    )
    .replace(ASSIGNED, `$1${MASKED}`)
    .replace(HEADER, `$1: ${MASKED}`);
