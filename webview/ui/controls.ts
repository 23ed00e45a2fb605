/**
 * The only file that knows the (archived) webview toolkit, so that its successor can take its place in one file. Badge and tag are never
 * used: they set style attributes, which the page's security policy refuses.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeDropdown, vsCodeOption, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import { setAttributes, setText } from '../dom.ts';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());

export interface Button {
  readonly element: HTMLElement;
  update(state: { readonly label: string; readonly title: string; readonly enabled: boolean; readonly primary: boolean }): void;
}

/**
 * A button that stays in the tab order while it cannot be used, so that its title (why not) can be reached; pressing it then tells the reason
 * to `onRefused`.
 */
export const createButton = (onPress: () => void, onRefused: (why: string) => void): Button => {
  const element = document.createElement('vscode-button');
  let enabled = true;
  let why = '';
  element.addEventListener('click', () => {
    if (enabled) onPress();
    else onRefused(why);
  });
  return {
    element,
    update: (state) => {
      enabled = state.enabled;
      why = state.title;
      setText(element, state.label);
      setAttributes(element, {
        appearance: state.primary ? 'primary' : 'secondary',
        title: state.title,
        'aria-label': state.enabled ? null : `${state.label}. ${state.title}`,
        'aria-disabled': state.enabled ? null : 'true',
      });
    },
  };
};

export interface Dropdown {
  readonly element: HTMLElement;
  update(label: string, options: readonly { readonly value: string; readonly label: string }[], chosen: string): void;
}

export const createDropdown = (id: string, onChoose: (value: string) => void): Dropdown => {
  const element = document.createElement('vscode-dropdown') as HTMLElement & { value: string };
  setAttributes(element, { id });
  element.addEventListener('change', () => {
    onChoose(element.value);
  });
  let shown = '';
  return {
    element,
    update: (label, options, chosen) => {
      setAttributes(element, { 'aria-label': label });
      const key = JSON.stringify(options);
      if (key !== shown) {
        shown = key;
        element.replaceChildren(
          ...options.map((option) => {
            const item = document.createElement('vscode-option');
            setAttributes(item, { value: option.value });
            item.textContent = option.label;
            return item;
          }),
        );
      }
      // A choice that the host has not answered yet is the newer one; an open list is not moved under the pointer.
      if (element.value !== chosen && !element.hasAttribute('open')) element.value = chosen;
    },
  };
};

/** The toolkit's ring calls itself an alert named "Loading" in English, whatever it is told; so it is hidden behind one that does not. */
export const createProgress = (label: string): HTMLElement => {
  const ring = document.createElement('vscode-progress-ring');
  setAttributes(ring, { 'aria-hidden': 'true' });
  const element = document.createElement('span');
  setAttributes(element, { class: 'progress', role: 'progressbar', 'aria-label': label });
  element.append(ring);
  return element;
};
