import type { WebviewMessage } from '../src/protocol/messages.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare const acquireVsCodeApi: () => VsCodeApi;

/** The editor may be asked for its API once in a page's life. */
const api = acquireVsCodeApi();

export const post = (message: WebviewMessage): void => {
  api.postMessage(message);
};
export const loadSaved = (): unknown => api.getState();
export const save = (state: unknown): void => {
  api.setState(state);
};

/** What goes wrong in the page is told to the host, which writes it into the output channel. */
export const reportProblems = (): void => {
  document.addEventListener('securitypolicyviolation', (event) => {
    post({
      type: 'problem',
      text: `content security policy: ${event.violatedDirective} refused ${event.blockedURI} (${event.sourceFile})`,
    });
  });
  window.addEventListener('error', (event) => {
    // Chromium reports a resize that takes two frames as an error without one; nothing is lost by it.
    if (event.message.startsWith('ResizeObserver loop')) return;
    post({ type: 'problem', text: event.error instanceof Error ? (event.error.stack ?? event.message) : event.message });
  });
  window.addEventListener('unhandledrejection', (event) => {
    const reason: unknown = event.reason;
    post({ type: 'problem', text: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) });
  });
};
