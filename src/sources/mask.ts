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

/** Bearer and basic credentials, user info in a URL, and what JSON or a query names a token or password. */
export const maskShapes = (text: string): string =>
  text
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASKED}`)
    .replace(/(\w+:\/\/)[^/\s"'@]+@/g, `$1${MASKED}@`)
    .replace(/("[\w-]*(?:token|password|secret)"\s*:\s*")[^"]*"/gi, `$1${MASKED}"`)
    .replace(/([?&][\w-]*(?:token|password|secret)=)[^&\s"']*/gi, `$1${MASKED}`);
