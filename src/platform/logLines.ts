import type { IntentKind, ReleaseKey } from '../model/release.ts';
import type { SourceError } from '../sources/source.ts';
import { fill, type Localizer } from './localizer.ts';
import { translate } from './translate.ts';

/** The output channel is read by whoever helps, so it is in English. */
const ENGLISH: Localizer = { locale: 'en', t: fill };

const inBrackets = (detail: string, said: string): string => (detail === '' || said.includes(detail) ? '' : ` (${detail})`);

export const unmeasuredLine = (source: string, release: string, { message, detail }: Pick<SourceError, 'message' | 'detail'>): string => {
  const why = translate(message, ENGLISH);
  return `${release} of the source ${source} could not be measured: ${why}${inBrackets(detail, why)}. It is tried again, and this is not repeated until it works.`;
};

/** `text` as the person was told it, the release's name first. */
export const refusalLine = (what: IntentKind, key: ReleaseKey, text: string, detail: string): string =>
  `The act ${what} on the release ${key} was refused. ${text}${inBrackets(detail, text)}`;
