import { decodeHostMessage } from '../src/protocol/decode.ts';
import { PROTOCOL_VERSION } from '../src/protocol/messages.ts';
import { onThemeChange } from './chart/theme.ts';
import { loadSaved, post, reportProblems, save } from './host.ts';
import { missingLabels } from './labels.ts';
import { Page } from './page/page.ts';
import { ViewStateKeeper } from './state.ts';

reportProblems();

const root = document.querySelector<HTMLElement>('#page');
if (!root) throw new Error('the page has no #page');

const keeper = new ViewStateKeeper(loadSaved(), save);
const page = new Page(root, keeper, post);
let warned = false;

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = decodeHostMessage(event.data);
  if (!message.ok) {
    // A host of another version loads the page again when it hears ours.
    if (message.error.kind === 'version') post({ type: 'ready', version: PROTOCOL_VERSION });
    else post({ type: 'problem', text: `the host sent what cannot be read: ${message.error.text}` });
    return;
  }
  const missing = missingLabels(message.value.labels);
  if (missing.length > 0 && !warned) {
    warned = true;
    post({ type: 'problem', text: `no text for ${missing.join(', ')}` });
  }
  page.show(message.value);
});

let drawing = false;
onThemeChange(() => {
  // The editor changes many variables one after another.
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    page.rethink();
  });
});

let scrollTimer: ReturnType<typeof setTimeout> | undefined;
window.addEventListener(
  'scroll',
  () => {
    clearTimeout(scrollTimer);
    scrollTimer = setTimeout(() => {
      keeper.update({ scroll: window.scrollY });
    }, 200);
  },
  { passive: true },
);

post({ type: 'ready', version: PROTOCOL_VERSION });

// A file of its own: header and answer are on the screen before the charts' library is read.
const { ChartsView } = await import('./chart/chartsView.ts');
page.addCharts(new ChartsView(keeper));
