import { fill, type Localizer } from '../../src/platform/localizer.ts';

/** Text as it is written in the code. */
export const english: Localizer = { locale: 'en', t: (text, args) => fill(text, args) };
