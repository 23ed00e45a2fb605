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

/*
 * What is masked came from elsewhere and may be made to be slow. Each pattern starts at the beginning of a word only, and takes what has no
 * end as far as the text goes, so that no part of it is read once for each place before it.
 */
/** What a secret is called, as the end of a name or all of it: `accessToken`, `client_secret`, `x-api-key`. */
const NAME = String.raw`[\w-]*(?:tokens?|passwords?|passwd|secrets?|authorization|api[_-]?keys?|cookie)`;
const SECRET = String.raw`(?<![\w-])${NAME}`;
const TEXT = String.raw`"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$)`;
const ASSIGNED = new RegExp(String.raw`(${SECRET}=)[^&\s"'•]+`, 'gi');
/** As an option of a command line: `--token abc`. What follows may be the next option. */
const OPTION = new RegExp(String.raw`(?<![\w-])(--?(?=\w)${NAME}[ \t]+)(?:${TEXT}|(?!--)[^\s"'•]+)`, 'gi');
/** A property of JSON, or of an object as Node prints it: one text, or a list of them. */
const QUOTED = new RegExp(String.raw`(${SECRET}["']?\s*:\s*)(${TEXT}|\[[^\]]*(?:\]|$))`, 'gi');
/** The same inside a text of JSON, where each quote has backslashes before it. */
const NESTED = new RegExp(String.raw`(${SECRET}(?:\\+["'])?\s*:\s*)(\\+["'])[^]*?(?:(?<!\\)\2|$)`, 'gi');
/** A property without quotes: one word that looks like no word of a sentence, or that ends its line. */
const PLAIN = new RegExp(
  String.raw`(${SECRET}["']?:[ \t]+)(?!\w{1,16}:\/\/)(?=\S*[\d_~+/=]|\S+[ \t]*(?:$|[\r\n]))[^\s"',;{}[\]()•]{6,}`,
  'gi',
);
/** A header line; what follows its scheme is masked by then. */
const HEADER = /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key):(?![ \t]*(?:(?:bearer|basic) •|\\*["'[•]))[^\r\n"']+/gi;

const maskedValue = (value: string): string => (value.startsWith('[') ? `[${MASKED}]` : `${value.charAt(0)}${MASKED}${value.charAt(0)}`);

/**
 * Bearer and basic credentials, user info in an address, and what JSON, a query, a command line or a header names a secret. Used for everything that is
 * written to the output channel or shown.
 */
export const maskShapes = (text: string): string =>
  text
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASKED}`)
    .replace(/(\b[a-z][\w+.-]{0,30}:\/\/)[^/\s"']+@/gi, `$1${MASKED}@`)
    .replace(QUOTED, (_, name: string, value: string) => `${name}${maskedValue(value)}`)
    .replace(NESTED, `$1$2${MASKED}$2`)
    .replace(ASSIGNED, `$1${MASKED}`)
    .replace(OPTION, `$1${MASKED}`)
    .replace(HEADER, `$1: ${MASKED}`)
    .replace(PLAIN, `$1${MASKED}`);

const MAX_LINE = 16_384;

/** A line for the output channel: masked, and no longer than somebody reads. */
export const maskedLine = (text: string): string =>
  text.length <= MAX_LINE
    ? maskShapes(text)
    : `${maskShapes(text.slice(0, MAX_LINE))}… (${String(text.length - MAX_LINE)} more characters)`;
