/**
 * Text for a message, a prompt or a note below an input. The editor makes a link of `[text](command:…)` in any of these and runs it when it
 * is clicked; names, reasons and versions come from services and logs, so no text of ours ever holds one.
 */
export const unlinked = (text: string): string => text.replaceAll('](', '] (');
