import type { PanelState } from '../../src/protocol/messages.ts';
import { element, setAttributes, setOptionalText, setText } from '../dom.ts';
import { verdictIcon } from '../icons.ts';
import type { Say } from '../labels.ts';
import { markOf, standingText, windowText } from './standing.ts';

/** The answer before any picture: the verdict in a sentence, what to do, and what it does not account for. */
export class Answer {
  readonly element = element('section', { class: 'answer' });
  private readonly mark = element('div', { class: 'answer-mark' });
  /** Says that the verdict is not of now, and since when. */
  private readonly standing = element('p', { class: 'standing', hidden: '' });
  private readonly sentence = element('p', { class: 'sentence' });
  private readonly window = element('p', { class: 'evidence-window', hidden: '' });
  private readonly recommendation = element('p', { class: 'recommendation' });
  private readonly caveats = element('details', { class: 'caveats' });
  private readonly caveatsTitle = element('summary');
  private readonly caveatList = element('ul');
  private shownCaveats = '';

  constructor() {
    this.caveats.append(this.caveatsTitle, this.caveatList);
    this.element.append(
      this.mark,
      element('div', { class: 'answer-text' }, this.standing, this.sentence, this.window, this.recommendation, this.caveats),
    );
  }

  update(state: PanelState, say: Say): void {
    const mark = markOf(state);
    if (this.element.getAttribute('data-verdict') !== mark) this.mark.replaceChildren(verdictIcon(mark));
    setAttributes(this.element, { 'data-verdict': mark, 'aria-label': state.verdictLabel });
    setOptionalText(this.standing, standingText(state, say));
    setText(this.sentence, state.sentence);
    setOptionalText(this.window, windowText(state, say));
    setOptionalText(this.recommendation, state.recommendation);
    setText(this.caveatsTitle, say('caveats.title'));
    this.caveats.hidden = state.caveats.length === 0;
    const caveats = state.caveats.join('\n');
    if (caveats !== this.shownCaveats) this.caveatList.replaceChildren(...state.caveats.map((text) => element('li', {}, text)));
    this.shownCaveats = caveats;
  }
}
