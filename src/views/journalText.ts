import type { AuditEntry } from '../model/audit.ts';
import { formatQuantity, formatTime } from '../model/format.ts';
import type { RefusalKind } from '../model/intent.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { Localizer } from '../platform/localizer.ts';

export interface JournalView {
  /** The release it is limited to; null for all. */
  readonly release: { readonly name: string; readonly source: string } | null;
  /** What was done from this machine's editors, oldest first. */
  readonly entries: readonly JournalEntry[];
  /** The service's own history of the release, newest last; a text says why it could not be read; null where there is none. */
  readonly audit: readonly AuditEntry[] | string | null;
  /** Where the journal is kept, one JSON line an act. */
  readonly file: string;
}

/** What was done, in the words of a person; a service's action that is not known stays as the service says it. */
const actionWords = (action: string, l10n: Localizer): string => {
  switch (action) {
    case 'setRatio':
      return l10n.t('Ratio set');
    case 'nextStep':
    case 'promote':
      return l10n.t('Next step');
    case 'jumpToStep':
      return l10n.t('Went to a step');
    case 'promoteFull':
      return l10n.t('Promoted to full');
    case 'pause':
      return l10n.t('Paused');
    case 'resume':
      return l10n.t('Resumed');
    case 'abort':
      return l10n.t('Aborted');
    case 'rollback':
      return l10n.t('Rolled back');
    case 'retry':
      return l10n.t('Tried again');
    case 'restart':
      return l10n.t('Restarted');
    case 'create':
      return l10n.t('Created');
    case 'advance':
      return l10n.t('Went on to the next step by itself');
    case 'degrade':
      return l10n.t('Degraded: a guardrail was broken');
    case 'recover':
      return l10n.t('Recovered: its guardrails are kept again');
    case 'setSteps':
      return l10n.t('Steps changed');
    case 'setGuardrails':
      return l10n.t('Guardrails changed');
    default:
      return action;
  }
};

const refusalWords = (kind: RefusalKind | null, l10n: Localizer): string => {
  switch (kind) {
    case 'conflict':
      return l10n.t('somebody had changed the release meanwhile');
    case 'unauthorized':
      return l10n.t('the token was missing or not accepted');
    case 'forbidden':
      return l10n.t('the token may not do this');
    case 'unreachable':
      return l10n.t('the service could not be reached');
    case 'gone':
      return l10n.t('the release does not exist any more');
    case 'aborted':
      return l10n.t('it was cancelled');
    default:
      return l10n.t('the service did not take it');
  }
};

const outcomeWords = ({ outcomes }: JournalEntry, l10n: Localizer): string => {
  const last = outcomes.at(-1);
  switch (last?.result) {
    case undefined:
      return l10n.t('Outcome not known: the editor ended before the answer came.');
    case 'done':
      return l10n.t('The service took it.');
    case 'seen':
      return l10n.t('The service took it, and it was seen to take effect.');
    case 'unseen':
      return l10n.t('The service took it; it was not seen to take effect in time.');
    case 'unknown':
      return l10n.t('The answer was lost: it is not known whether it took effect.');
    case 'refused':
      return l10n.t('Nothing was changed: {why}.', { why: refusalWords(last.refusal, l10n) });
  }
};

/**
 * Names, reasons and actions are of others: whatever is in them, a line of the journal stays one line and reads from its beginning to its end,
 * so that nobody writes a line that nobody did.
 */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();

interface Row {
  readonly time: number;
  readonly lines: readonly string[];
}

const ratiosOf = (from: number | null, to: number | null, locale: string): string | null => {
  const said = (ratio: number): string => formatQuantity({ value: ratio, unit: 'ratio' }, locale);
  if (to === null) return null;
  return from === null || from === to ? said(to) : `${said(from)} → ${said(to)}`;
};

const rowOf = (
  what: { readonly time: number; readonly action: string; readonly from: number | null; readonly to: number | null; readonly who: string },
  rest: readonly (string | null)[],
  l10n: Localizer,
): Row => {
  const ratio = ratiosOf(what.from, what.to, l10n.locale);
  const when = formatTime(what.time, l10n.locale, { seconds: true, date: true, year: true, zone: true });
  const head = [when, ratio === null ? what.action : l10n.t('{action}: {ratio}', { action: what.action, ratio }), what.who].join(' · ');
  return { time: what.time, lines: [oneLine(head), ...rest.filter((line) => line !== null).map((line) => `    ${oneLine(line)}`)] };
};

const reasonLine = (reason: string | null, l10n: Localizer): string | null =>
  reason === null || reason.trim() === '' ? null : l10n.t('Reason: {reason}', { reason });

const ownRow = (entry: JournalEntry, view: JournalView, l10n: Localizer): Row => {
  const { act } = entry;
  const done = actionWords(act.intent.kind, l10n);
  return rowOf(
    {
      time: act.time,
      action: act.undoOf === null ? done : l10n.t('Own change undone'),
      from: act.from,
      to: act.to,
      who: l10n.t('{who}, from this machine', { who: act.who }),
    },
    [
      view.release === null ? l10n.t('{release} at {source}', { release: act.releaseName, source: act.sourceName }) : null,
      reasonLine(act.reason, l10n),
      outcomeWords(entry, l10n),
    ],
    l10n,
  );
};

const auditRow = (entry: AuditEntry, l10n: Localizer): Row => {
  const who = entry.actor === 'service' ? l10n.t('the service itself') : (entry.actor ?? entry.role ?? l10n.t('not said who'));
  const role = entry.role === null || entry.role === who || entry.actor === 'service' ? who : `${who} (${entry.role})`;
  return rowOf({ ...entry, action: actionWords(entry.action, l10n), who: role }, [reasonLine(entry.reason, l10n)], l10n);
};

/** The revision that an own act made; the service's entry of the same revision is the same act. */
const revisionsOf = (entries: readonly JournalEntry[]): ReadonlySet<string> =>
  new Set(entries.flatMap(({ outcomes }) => outcomes.flatMap(({ revision }) => (revision === null ? [] : [revision]))));

/** The line that names the file; a link in the document is laid over it. */
export const fileLine = (file: string, l10n: Localizer): string => l10n.t('Kept, one line of JSON an act, in {file}', { file });

/**
 * The journal as a person reads it, newest first: when, what, from → to, who, why, how it ended; with what the service says that others
 * did. What an own act did stands once.
 */
export const journalText = (view: JournalView, now: number, l10n: Localizer): string => {
  const { release, entries, audit } = view;
  const own = revisionsOf(entries);
  const others = audit === null || typeof audit === 'string' ? [] : audit.filter(({ revision }) => !own.has(revision));
  const rows = [...entries.map((entry) => ownRow(entry, view, l10n)), ...others.map((entry) => auditRow(entry, l10n))].sort(
    (a, b) => b.time - a.time,
  );
  const scope =
    release === null
      ? l10n.t('What was done from this machine to any release. The journal of one release also has what others did to it.')
      : audit === null
        ? l10n.t('What was done from this machine; nothing here knows what others did.')
        : typeof audit === 'string'
          ? l10n.t('What was done from this machine. What others did could not be read: {why}', { why: audit })
          : l10n.t('What was done from this machine, and what the service says that others did.');
  return `${[
    oneLine(
      release === null ? l10n.t('Journal') : l10n.t('Journal of {release} at {source}', { release: release.name, source: release.source }),
    ),
    l10n.t('As of {time}, newest first.', {
      time: formatTime(now, l10n.locale, { seconds: true, date: true, year: true, zone: true }),
    }),
    oneLine(scope),
    fileLine(view.file, l10n),
    '',
    ...(rows.length === 0 ? [l10n.t('Nothing has been done yet.')] : rows.map(({ lines }) => lines.join('\n'))),
  ].join('\n')}\n`;
};
