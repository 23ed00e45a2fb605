import { serviceUrl, type HttpSourceSetting, type SourceSetting } from '../platform/sourceSettings.ts';
import { isLoopback } from '../sources/proxy.ts';

/** What a person typed as an address: complete and without a slash at the end, or null where it is none. Without a scheme it is https. */
export const completeAddress = (typed: string): string | null => {
  const text = typed.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${isLoopback(hostOf(text)) ? 'http' : 'https'}://${text}`;
  return text !== '' && serviceUrl(withScheme).ok ? withScheme.replace(/\/+$/, '') : null;
};

const hostOf = (text: string): string => URL.parse(`http://${text}`)?.hostname ?? '';

/** Same scheme, host, port and path, however they are written. */
export const sameAddress = (a: string, b: string): boolean => {
  const face = (text: string): string | null => {
    const url = URL.parse(text);
    return url && `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  };
  return face(a) !== null && face(a) === face(b);
};

/** The source of the settings that is at this address already. */
export const sourceAt = (address: string, sources: readonly SourceSetting[]): HttpSourceSetting | null =>
  sources.find((source): source is HttpSourceSetting => source.type === 'http' && sameAddress(source.url, address)) ?? null;
