import type { PanelState } from '../../src/protocol/messages.ts';
import { element, setAttributes, setOptionalText, setText } from '../dom.ts';
import { verdictIcon } from '../icons.ts';
import type { Say } from '../labels.ts';
import { ActionRow } from '../ui/actionRow.ts';
import { Freshness } from './freshness.ts';
import { markOf } from './standing.ts';

export interface HeaderEvents {
  readonly onAction: (command: string) => void;
  readonly onRefused: (why: string) => void;
}

/** Which release, how it stands, how old that is; then what can be done. */
export class Header {
  readonly element = element('header', { class: 'page-head' });
  private readonly title = element('h1', { class: 'title' });
  private readonly versions = element('span', { class: 'versions' });
  private readonly verdict = element('span', { class: 'verdict-word' });
  private readonly ratio = element('span', { class: 'ratio' });
  private readonly phase = element('span', { class: 'phase' });
  private readonly simulated = element('span', { class: 'simulated' });
  private readonly freshness = new Freshness();
  private readonly actions: ActionRow;
  private shownVerdict = '';

  constructor(events: HeaderEvents) {
    this.actions = new ActionRow(events.onAction, events.onRefused);
    this.element.append(
      element('div', { class: 'head-line' }, this.title, this.versions, this.simulated, this.freshness.element),
      element('div', { class: 'head-line facts' }, this.verdict, this.ratio, this.phase),
      this.actions.element,
    );
  }

  update(state: PanelState, say: Say): void {
    setText(this.title, state.title);
    setText(this.versions, state.versions);
    setOptionalText(this.simulated, state.simulated);
    setText(this.ratio, state.ratio);
    setText(this.phase, state.phase);
    const mark = markOf(state);
    const verdict = `${mark} ${state.verdictLabel}`;
    if (verdict !== this.shownVerdict) this.verdict.replaceChildren(verdictIcon(mark), element('span', {}, state.verdictLabel));
    this.shownVerdict = verdict;
    setAttributes(this.verdict, { 'data-verdict': mark });
    this.freshness.update(state, say);
    this.actions.update(say('actions.label'), state.actions);
  }
}
