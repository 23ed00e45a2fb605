import { formatInterval, formatQuantity } from '../model/format.ts';
import type { Message } from '../model/message.ts';
import { fill, type Localizer } from './localizer.ts';
import { MESSAGES, type MessageKey } from './messages.ts';

const isKnown = (key: string): key is MessageKey => Object.hasOwn(MESSAGES, key);

/**
 * A message of the core as text; quantities are written in the reader's language. `low` and `high` together
 * also fill `{interval}`, with their unit once. A key without text is shown as it is, to be seen.
 */
export const translate = (message: Message, l10n: Localizer): string => {
  const args: Record<string, string | number> = {};
  for (const [name, arg] of Object.entries(message.args)) {
    args[name] =
      typeof arg === 'object'
        ? formatQuantity(arg, l10n.locale)
        : typeof arg === 'number'
          ? formatQuantity({ value: arg, unit: 'count' }, l10n.locale)
          : arg;
  }
  const { low, high } = message.args;
  if (typeof low === 'object' && typeof high === 'object')
    args['interval'] = formatInterval(low.value, high.value, low.unit, l10n.locale, low.signed ?? false);
  return isKnown(message.key) ? l10n.t(MESSAGES[message.key], args) : fill(message.key, args);
};
