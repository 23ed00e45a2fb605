import { formatAge } from '../../src/model/format.ts';
import type { PanelState } from '../../src/protocol/messages.ts';
import { element, setAttributes, setText } from '../dom.ts';
import type { Say } from '../labels.ts';

/** How old what is shown is. It counts on by itself, so that a host that has died cannot leave "2 s ago" on the screen. */
export class Freshness {
  readonly element = element('div', { class: 'freshness' });
  private readonly dot = element('span', { class: 'freshness-dot', 'aria-hidden': 'true' });
  private readonly text = element('span');
  private shown: { readonly state: PanelState; readonly say: Say; readonly receivedAt: number } | null = null;

  constructor() {
    this.element.append(this.dot, this.text);
    setInterval(() => {
      this.tell();
    }, 1000);
  }

  update(state: PanelState, say: Say): void {
    this.shown = { state, say, receivedAt: performance.now() };
    setAttributes(this.element, { 'data-status': state.freshness.status });
    this.tell();
  }

  private tell(): void {
    if (!this.shown) return;
    const { state, say, receivedAt } = this.shown;
    const { status, of, at, text } = state.freshness;
    // Both moments are of the host's clock; what passed since is of the page's.
    const age = at === null ? '' : formatAge(state.sentAt - at + (performance.now() - receivedAt), state.locale);
    if (at === null || status === 'connecting') setText(this.text, text);
    else if (status === 'failed') setText(this.text, `${text} · ${say('age.failed', { age })}`);
    else if (of === 'line') setText(this.text, say(status === 'live' ? 'age.line' : 'age.quiet', { age }));
    else setText(this.text, say(status === 'live' ? 'age.live' : 'age.stale', { age }));
  }
}
