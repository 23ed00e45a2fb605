import type { Localizer } from './localizer.ts';
import { placeOf, type SettingProblem } from './settingProblem.ts';

/** What a decoder expects, in the reader's language. Values that stand in quotes are words of the settings and stay as they are. */
const expectedText = (expected: string, l10n: Localizer): string => {
  switch (expected) {
    case 'a string':
      return l10n.t('a text');
    case 'a number':
      return l10n.t('a number');
    case 'a number from 1 to 300':
      return l10n.t('a number from 1 to 300');
    case 'true or false':
      return l10n.t('true or false');
    case 'a list':
      return l10n.t('a list');
    case 'an object':
      return l10n.t('an object, { … }');
    case 'a name':
      return l10n.t('a name');
    case 'letters, digits, dots, dashes and underscores':
      return l10n.t('at most 64 letters, digits, dots, dashes and underscores');
    case 'another id than "builtin"':
      return l10n.t('another id than "builtin"');
    case 'an address that begins with http:// or https://':
      return l10n.t('an address that begins with http:// or https://');
    case 'an address without user name and password':
      return l10n.t('an address without user name and password');
    case 'an address without ? and #':
      return l10n.t('an address without ? and #');
    case 'at least one file':
      return l10n.t('at least one file');
    case 'the name of a field':
      return l10n.t('the name of a field');
    case 'the value that means the canary':
      return l10n.t('the value that means the canary');
    case 'statuses such as ">=500", "5xx", "500-599" or a list of them':
      return l10n.t('statuses such as ">=500", "5xx", "500-599" or a list of them');
    default:
      return expected.startsWith('"') ? expected.replaceAll('" or "', l10n.t('" or "')) : expected;
  }
};

const gotText = (got: string, l10n: Localizer): string =>
  got === 'a list' ? l10n.t('a list') : got === 'an object' ? l10n.t('an object, { … }') : got === '(address)' ? '' : got;

/** What is wrong, without where: "is missing: an address that begins with …". */
export const faultText = ({ fault }: SettingProblem, l10n: Localizer): string => {
  switch (fault.type) {
    case 'missing':
      return l10n.t('missing: {expected}', { expected: expectedText(fault.expected, l10n) });
    case 'expected': {
      const expected = expectedText(fault.expected, l10n);
      const got = gotText(fault.got, l10n);
      return got === '' ? l10n.t('has to be {expected}', { expected }) : l10n.t('is {got}, has to be {expected}', { got, expected });
    }
    case 'idTaken':
      return l10n.t('taken: another source is called {id}', { id: JSON.stringify(fault.id) });
    case 'unknownKey':
      return fault.suggestion === null
        ? l10n.t('not known; known here: {keys}', { keys: fault.known.join(', ') })
        : l10n.t('not known; did you mean {key}?', { key: fault.suggestion });
  }
};

/** The key it is about: `url`, `files[2]`; "source 2" where it is a whole source, `sources` where it is the whole list. */
export const keyText = ({ path }: SettingProblem, l10n: Localizer): string => {
  const [setting = '', index, ...rest] = path;
  if (typeof index !== 'number') return String(setting).replace('rolloutLens.', '');
  const key = rest.findLastIndex((step) => typeof step === 'string');
  return key < 0 ? l10n.t('source {number}', { number: index + 1 }) : placeOf(rest.slice(key));
};
