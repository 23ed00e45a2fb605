import type { ActionMessageKey } from '../actions/messages.ts';
import type { AnalysisMessageKey } from '../analysis/messages.ts';
import type { SourceMessageKey } from '../sources/messages.ts';
import { ACTION_TEXTS } from './actionTexts.ts';
import { ANALYSIS_TEXTS } from './analysisTexts.ts';
import { SOURCE_TEXTS } from './sourceTexts.ts';

export type MessageKey = AnalysisMessageKey | SourceMessageKey | ActionMessageKey;

/** The English text of every key of the core. A key without text does not compile; l10n/ holds the other languages. */
export const MESSAGES: Readonly<Record<MessageKey, string>> = { ...ANALYSIS_TEXTS, ...SOURCE_TEXTS, ...ACTION_TEXTS };
