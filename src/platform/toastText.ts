/**
 * Text for a message of the editor. The editor makes a link of `[text](command:…)` in any message and runs it when it is clicked; names and
 * reasons come from services and logs, so no text of ours ever holds one.
 */
export const toastText = (text: string): string => text.replaceAll('](', '] (');
