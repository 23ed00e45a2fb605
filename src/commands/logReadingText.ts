import { formatDuration, formatQuantity, formatTime } from '../model/format.ts';
import type { BadLineReason } from '../sources/messages.ts';
import type { LogMapping } from '../sources/logs/mapping.ts';
import type { SampleReading } from '../sources/logs/sampleReading.ts';
import type { Localizer } from '../platform/localizer.ts';

const EXCERPT = 160;

export const excerpt = (line: string): string => (line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line);

const count = (value: number, l10n: Localizer): string => formatQuantity({ value, unit: 'count' }, l10n.locale);
const percent = (part: number, of: number, l10n: Localizer): string =>
  of === 0 ? '–' : formatQuantity({ value: part / of, unit: 'ratio' }, l10n.locale);

export const unitWord = (unit: LogMapping['time']['unit'], l10n: Localizer): string => {
  switch (unit) {
    case 's':
      return l10n.t('seconds');
    case 'ms':
      return l10n.t('milliseconds');
    case 'us':
      return l10n.t('microseconds');
    case 'ns':
      return l10n.t('nanoseconds');
    case 'iso':
      return l10n.t('date and time as text');
  }
};

/** A date far from now is shown with its year: a wrong unit is seen by it. */
export const dateText = (time: number, l10n: Localizer): string =>
  formatTime(time, l10n.locale, { date: true, year: true, seconds: true, zone: true });

/** What is wrong with a line, in the words of its mapping. */
const reasonText = (reason: BadLineReason, mapping: LogMapping, l10n: Localizer): string => {
  switch (reason) {
    case 'json':
      return l10n.t('no JSON object');
    case 'time':
      return l10n.t('no time in {field}', { field: mapping.time.field });
    case 'variant':
      return l10n.t('nothing in {field}', { field: mapping.variant.field });
    case 'status':
      return l10n.t('nothing in {field}', { field: mapping.status.field });
    case 'long':
      return l10n.t('too long');
    case 'future':
      return l10n.t('from the future; is the unit of time right?');
    case 'old':
      return l10n.t('older than what is kept');
  }
};

export const canaryShareText = ({ requests }: SampleReading, l10n: Localizer): string =>
  l10n.t('{canary} of {lines} lines, {share}', {
    canary: count(requests.canary, l10n),
    lines: count(requests.canary + requests.stable, l10n),
    share: percent(requests.canary, requests.canary + requests.stable, l10n),
  });

export const errorShareText = ({ requests, errors }: SampleReading, l10n: Localizer): string =>
  l10n.t('{canary} of the canary, {stable} of the stable version', {
    canary: percent(errors.canary, requests.canary, l10n),
    stable: percent(errors.stable, requests.stable, l10n),
  });

export const latencyText = (medianMs: number | null, l10n: Localizer): string =>
  medianMs === null
    ? l10n.t('no line tells one')
    : l10n.t('median {time}', { time: formatQuantity({ value: medianMs, unit: 'ms' }, l10n.locale) });

/** "Nov 24, 2026, 17:28:39 UTC, 4 min ago" */
export const newestText = (newest: number | null, now: number, l10n: Localizer): string =>
  newest === null
    ? l10n.t('no line has one')
    : l10n.t('{time}, {age} ago', { time: dateText(newest, l10n), age: formatDuration(now - newest, l10n.locale) });

/** What is understood of the sampled lines, so that a person sees a mistake before it is in the tree. `now` in epoch milliseconds. */
export const readingText = (reading: SampleReading, mapping: LogMapping, now: number, l10n: Localizer): string => {
  const { lines, understood, users, services, uncounted } = reading;
  const rows = [
    l10n.t('{counted} of {lines} sampled lines are understood.', { counted: understood, lines }),
    l10n.t('Canary ({field} is {values}): {share}', {
      field: mapping.variant.field,
      values: mapping.variant.canary.join(', '),
      share: canaryShareText(reading, l10n),
    }),
    l10n.t('Errors ({field} {rule}): {share}', {
      field: mapping.status.field,
      rule: mapping.status.errors.join(', '),
      share: errorShareText(reading, l10n),
    }),
    mapping.latency === null
      ? l10n.t('Response time: not read')
      : l10n.t('Response time ({field}): {median}', { field: mapping.latency.field, median: latencyText(reading.medianLatencyMs, l10n) }),
    mapping.user === null
      ? l10n.t('Users: not read; a verdict then needs 1,000 requests a side')
      : l10n.t('Users ({field}): {count}', { field: mapping.user.field, count: count(users, l10n) }),
    mapping.release === null
      ? null
      : l10n.t('Services ({field}): {names}', { field: mapping.release.field, names: services.slice(0, 5).join(', ') }),
    l10n.t('Newest line: {time}', { time: newestText(reading.newest, now, l10n) }),
    ...uncounted.map(({ reason, count: bad, example }) =>
      l10n.t('Not counted: {count} lines ({reason}), as in: {example}', {
        count: bad,
        reason: reasonText(reason, mapping, l10n),
        example: excerpt(example),
      }),
    ),
  ];
  return rows.filter((row) => row !== null).join('\n');
};
