import type { PanelTone } from '../../src/protocol/messages.ts';

/** What a canvas needs to know of the editor's theme: a canvas does not follow style sheets. */
export interface ChartTheme {
  readonly background: string;
  readonly foreground: string;
  /** Axis labels. */
  readonly dim: string;
  readonly grid: string;
  readonly tones: Readonly<Record<PanelTone, string>>;
  readonly minor: string;
  readonly major: string;
  readonly cursor: string;
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly highContrast: boolean;
}

/** The hues are those of the style sheet (styles.css), which knows what to do where a theme lacks one. */
export const readTheme = (): ChartTheme => {
  const style = getComputedStyle(document.body);
  const read = (name: string, fallback: string): string => style.getPropertyValue(`--${name}`).trim() || fallback;
  const highContrast = document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light');
  const foreground = read('vscode-foreground', style.color);
  const canary = read('canary', foreground);
  return {
    background: read('vscode-editor-background', 'Canvas'),
    foreground,
    dim: read('dim', foreground),
    grid: foreground,
    tones: { canary, stable: read('stable', foreground), wanted: canary, counted: foreground },
    minor: read('unsure', foreground),
    major: read('bad', foreground),
    cursor: highContrast ? read('vscode-contrastActiveBorder', foreground) : foreground,
    fontFamily: style.fontFamily,
    fontSize: 11,
    highContrast,
  };
};

/** Calls back when the theme changes: VS Code replaces the variables on the root and the class of the body. */
export const onThemeChange = (listener: () => void): void => {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
};

/** Dashes and width by tone, so that lines are told apart without colour. */
export const LINES: Readonly<Record<PanelTone, { readonly dash: readonly number[]; readonly width: number }>> = {
  canary: { dash: [], width: 2 },
  stable: { dash: [6, 4], width: 1.6 },
  wanted: { dash: [], width: 2 },
  counted: { dash: [2, 3], width: 1.4 },
};
