/** What a person does with the workbench: the command palette, the tree, questions, messages. Texts are matched as they stand on screen. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../../../scripts/bed/until.ts';

const exactly = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

export interface TreeRow {
  readonly label: string;
  readonly level: number;
  readonly expanded: boolean | null;
  /** Everything the row shows, label and description. */
  readonly text: string;
}

export interface Ui {
  /** Runs the command whose palette title is exactly this: "Rollout Lens: Refresh". */
  command(title: string): Promise<void>;
  /** Titles the palette offers for `filter`. */
  commandsFor(filter: string): Promise<readonly string[]>;
  /** Opens the extension's view container. */
  openView(title: string): Promise<void>;
  readonly rows: Locator;
  tree(): Promise<readonly TreeRow[]>;
  /** The first row that shows this text. */
  row(text: string | RegExp): Locator;
  expand(text: string | RegExp): Promise<void>;
  collapse(text: string | RegExp): Promise<void>;
  /** Clicks a row until it is the selected one: rows that move under the pointer take the click. */
  select(text: string | RegExp): Promise<void>;
  /** As a person reloads the window: by the command, which lets the editor write its state first. The browser's own reload does not. */
  reloadWindow(): Promise<void>;
  /** Clicks the inline action of a row by its label. */
  inline(text: string | RegExp, action: string | RegExp): Promise<void>;
  /** Opens the context menu of a row and clicks an entry. */
  context(text: string | RegExp, entry: string): Promise<void>;
  readonly quickInput: Locator;
  /** Rows of the open quick pick. */
  picks(): Promise<readonly string[]>;
  /** Types into the open quick input and, unless told otherwise, takes it with Enter. */
  answer(text: string, accept?: boolean): Promise<void>;
  pick(text: string | RegExp): Promise<void>;
  readonly dialog: Locator;
  /** Message and detail of the modal dialog. */
  dialogText(): Promise<string>;
  press(button: string | RegExp): Promise<void>;
  readonly toasts: Locator;
  /** Waits for a toast with this text. */
  toast(text: string | RegExp): Locator;
  pressToast(text: string | RegExp, button: string | RegExp): Promise<void>;
  /** The status bar item with this id, `rolloutLens.status`. */
  status(id: string): Locator;
  theme(name: ThemeName): Promise<void>;
}

export type ThemeName = 'Dark Modern' | 'Light Modern' | 'Dark High Contrast' | 'Light High Contrast';
const THEME_CLASS: Readonly<Record<ThemeName, string>> = {
  'Dark Modern': 'vs-dark',
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
  'Light High Contrast': 'hc-light',
};

export const uiOf = (page: Page, extensionId = 'rollout-lens.rollout-lens'): Ui => {
  const quickInput = page.locator('.quick-input-widget:visible');
  const input = quickInput.locator('.quick-input-box input').first();
  const picksOf = quickInput.locator('.monaco-list-row');
  const rows = page.locator('.sidebar .monaco-list-row[role=treeitem]');
  const dialog = page.locator('.monaco-dialog-box');
  const toasts = page.locator('.notifications-toasts .notification-list-item');
  const row = (text: string | RegExp): Locator => rows.filter({ hasText: text }).first();

  const openPalette = async (filter: string): Promise<void> => {
    // F1 is lost while another question is closing: ask again until the palette is there.
    await until('the command palette is open', async () => {
      await page.keyboard.press('F1');
      return quickInput
        .locator('.quick-input-box input')
        .first()
        .waitFor({ state: 'visible', timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    });
    await input.fill(`>${filter}`);
  };

  const setExpanded = async (text: string | RegExp, wanted: boolean): Promise<void> => {
    const target = row(text);
    await target.waitFor();
    const done = async (): Promise<boolean> => (await target.getAttribute('aria-expanded')) === String(wanted);
    // Rows that move under the pointer take the click: again, until it is so.
    await until(`the row ${String(text)} is ${wanted ? 'open' : 'closed'}`, async () => {
      if (await done()) return true;
      await target.locator('.monaco-tl-twistie').click();
      return until('the click is taken', done, 1000).catch(() => false);
    });
  };

  const runPick = async (title: string): Promise<void> => {
    await openPalette(title);
    await picksOf
      .filter({ has: page.locator('.label-name', { hasText: exactly(title) }) })
      .first()
      .click();
  };

  return {
    select: async (text) => {
      const target = row(text);
      await target.waitFor();
      const done = async (): Promise<boolean> => (await target.getAttribute('aria-selected')) === 'true';
      await until(`the row ${String(text)} is selected`, async () => {
        if (await done()) return true;
        await target.click();
        return until('the click is taken', done, 1000).catch(() => false);
      });
    },
    reloadWindow: async () => {
      const loaded = page.waitForEvent('load');
      await runPick('Developer: Reload Window');
      await loaded;
      await page.locator('.monaco-workbench').waitFor();
    },
    command: async (title) => {
      await runPick(title);
      // The palette gives way to the command's own question, if it has one: what is read next must not be the palette's rows.
      await until('the palette has closed', async () => {
        const open = await input.inputValue({ timeout: 200 }).catch(() => '');
        return !open.startsWith('>');
      });
    },
    commandsFor: async (filter) => {
      await openPalette(filter);
      await picksOf.first().waitFor();
      const read = (): Promise<readonly string[]> => picksOf.locator('.label-name').allTextContents();
      let titles = await read();
      // It filters after a moment: what stands still is what it offers.
      await until('the palette has settled', async () => {
        const [before, now] = [titles, await read()];
        titles = now;
        return now.join('\n') === before.join('\n');
      });
      await page.keyboard.press('Escape');
      return titles;
    },
    openView: async (title) => {
      const tab = page.locator('.activitybar .action-item').filter({ has: page.locator(`.action-label[aria-label^="${title}"]`) });
      await tab.first().waitFor();
      if ((await tab.first().getAttribute('aria-selected')) !== 'true') await tab.first().locator('.action-label').click();
      await page.locator('.sidebar .composite.title', { hasText: new RegExp(title, 'i') }).waitFor();
    },
    rows,
    tree: () =>
      rows.evaluateAll((elements) =>
        elements.map((element) => ({
          label: element.getAttribute('aria-label') ?? '',
          level: Number(element.getAttribute('aria-level')),
          expanded: element.hasAttribute('aria-expanded') ? element.getAttribute('aria-expanded') === 'true' : null,
          text: element.textContent.replace(/\s+/g, ' ').trim(),
        })),
      ),
    row,
    expand: (text) => setExpanded(text, true),
    collapse: (text) => setExpanded(text, false),
    inline: async (text, action) => {
      const target = row(text);
      await target.hover();
      await target.locator('.actions').getByRole('button', { name: action }).first().click();
    },
    context: async (text, entry) => {
      await row(text).click({ button: 'right' });
      const menu = page.locator('.monaco-menu');
      const item = menu.locator('.action-label', { hasText: exactly(entry) }).first();
      // A menu that has just opened can miss a click.
      await until(`the menu took ${entry}`, async () => {
        await item.click({ timeout: 2000 }).catch(() => undefined);
        return (await menu.count()) === 0;
      });
    },
    quickInput,
    picks: async () => {
      await picksOf.first().waitFor();
      return picksOf.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
    },
    answer: async (text, accept = true) => {
      await input.waitFor();
      await input.fill(text);
      if (accept) await page.keyboard.press('Enter');
    },
    pick: async (text) => picksOf.filter({ hasText: text }).first().click(),
    dialog,
    dialogText: async () => {
      await dialog.waitFor();
      return (await dialog.locator('.dialog-message-container').innerText()).trim();
    },
    press: async (button) => {
      await dialog
        .getByRole('button', { name: typeof button === 'string' ? exactly(button) : button })
        .first()
        .click();
      await dialog.waitFor({ state: 'detached' });
    },
    toasts,
    toast: (text) => toasts.filter({ hasText: text }).first(),
    pressToast: async (text, button) => {
      await toasts.filter({ hasText: text }).first().getByRole('button', { name: button }).first().click();
    },
    status: (id) => page.locator(`.statusbar-item[id="${extensionId}.${id}"]`),
    theme: async (name) => {
      await openPalette('Preferences: Color Theme');
      await picksOf
        .filter({ has: page.locator('.label-name', { hasText: exactly('Preferences: Color Theme') }) })
        .first()
        .click();
      await quickInput.locator('input[placeholder*="Color Theme"]').fill(name);
      await quickInput.locator('.monaco-list-row.focused', { hasText: name }).waitFor();
      await page.keyboard.press('Enter');
      await page.locator(`.monaco-workbench.${THEME_CLASS[name]}`).waitFor();
    },
  };
};
