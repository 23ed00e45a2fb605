/** Takes out of a text what must not be read by others: bearer tokens, tokens of JSON and query strings, user info of addresses. */
export const maskSecrets = (text: string): string =>
  text
    .replace(/\b(bearer|basic)\s+[A-Za-z0-9+/._~=-]+/gi, '$1 ***')
    .replace(/("(?:token|password|secret|authorization)"\s*:\s*")[^"]*/gi, '$1***')
    .replace(/\b((?:access_)?token|password|secret)=[^&\s]+/gi, '$1=***')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, '$1***@');
