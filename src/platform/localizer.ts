export type TextArgs = Readonly<Record<string, string | number>>;

/** Text in the user's language, injected so that what builds text for views can be tested without an editor. */
export interface Localizer {
  /** BCP 47, for numbers and times. */
  readonly locale: string;
  /** The text is written as a literal where it is used; `{name}` is replaced from `args`. */
  t(text: string, args?: TextArgs): string;
}

export const fill = (text: string, args: TextArgs = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
