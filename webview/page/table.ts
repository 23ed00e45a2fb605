import { formatQuantity, formatTime } from '../../src/model/format.ts';
import type { PanelCell } from '../../src/protocol/messages.ts';
import { arrange, element, setAttributes, setOptionalText, setText } from '../dom.ts';
import type { Say } from '../labels.ts';
import type { Sorting } from '../state.ts';
import { nextSorting, sortRows } from '../tableSort.ts';

export interface Row {
  readonly id: string;
  readonly cells: readonly PanelCell[];
  /** Put before the text of the last cell. */
  readonly icon: (() => Element) | null;
  /** What pressing the row's first cell does; null when it does nothing. */
  readonly open: (() => void) | null;
}

export interface TableView {
  readonly title: string;
  readonly empty: string;
  readonly openLabel: string;
  readonly header: readonly string[];
  readonly rows: readonly Row[];
  readonly locale: string;
}

/** So many rows are looked through at a glance; the rest comes when asked for. */
const AT_FIRST = 12;

/** A real table that sorts by its headers. Rows keep their elements over updates, so that focus stays where it was. */
export class Table {
  readonly element = element('section', { class: 'table-section' });
  private readonly id: string;
  private readonly title = element('h2', { class: 'section-title' });
  private readonly empty = element('p', { class: 'notice' });
  private readonly scroller: HTMLElement;
  private readonly head = element('tr', { role: 'row' });
  private readonly body = element('tbody', { role: 'rowgroup' });
  private readonly rows = new Map<string, { readonly element: HTMLTableRowElement; shown: string }>();
  private readonly onSort: (sorting: Sorting | null) => void;
  private view: TableView | null = null;
  private say: Say | null = null;
  private sorting: Sorting | null;
  private shownHeader = '';
  private readonly more = element('button', { type: 'button', class: 'link more', hidden: '' });
  private whole = false;

  constructor(id: string, sorting: Sorting | null, onSort: (sorting: Sorting | null) => void) {
    this.id = id;
    this.sorting = sorting;
    this.onSort = onSort;
    setAttributes(this.title, { id: `${id}-title` });
    // The roles are said again since a narrow page lays rows out as blocks, which would take them away.
    const table = element(
      'table',
      { role: 'table', 'aria-labelledby': `${id}-title`, 'data-table': id },
      element('thead', { role: 'rowgroup' }, this.head),
      this.body,
    );
    // Reachable by keyboard, since it scrolls sideways in a narrow panel.
    this.scroller = element('div', { class: 'table-scroller', tabindex: '0', role: 'region', 'aria-labelledby': `${id}-title` }, table);
    this.more.addEventListener('click', () => {
      this.whole = true;
      const first = this.body.children.length;
      if (this.view && this.say) this.update(this.view, this.say);
      // The button is gone: on with the first row that it brought.
      (this.body.children[first]?.querySelector('button') ?? this.scroller).focus();
    });
    this.element.append(this.title, this.scroller, this.more, this.empty);
  }

  update(view: TableView, say: Say): void {
    this.view = view;
    this.say = say;
    setText(this.title, view.title);
    setOptionalText(this.empty, view.rows.length === 0 ? view.empty : null);
    this.scroller.hidden = view.rows.length === 0;
    this.updateHeader(view, say);
    const all = sortRows(view.rows, this.sorting, view.locale);
    const sorted = this.whole ? all : all.slice(0, AT_FIRST);
    setOptionalText(
      this.more,
      sorted.length < all.length ? say('table.all', { count: formatQuantity({ value: all.length, unit: 'count' }, view.locale) }) : null,
    );
    const wanted = new Set(view.rows.map((row) => row.id));
    for (const id of this.rows.keys()) if (!wanted.has(id)) this.rows.delete(id);
    arrange(
      this.body,
      sorted.map((row) => this.rowOf(row, view)),
    );
  }

  private updateHeader(view: TableView, say: Say): void {
    const header = JSON.stringify(view.header);
    if (header !== this.shownHeader) {
      this.head.replaceChildren(
        ...view.header.map((text, column) => {
          const button = element(
            'button',
            { type: 'button', class: 'sort', title: say('sort.by', { column: text }) },
            text,
            element('span', { class: 'sort-mark', 'aria-hidden': 'true' }),
          );
          button.addEventListener('click', () => {
            this.sorting = nextSorting(this.sorting, column);
            this.onSort(this.sorting);
            if (this.view) this.update(this.view, say);
          });
          return element('th', { role: 'columnheader', scope: 'col', 'data-kind': this.kindOf(view, column) }, button);
        }),
      );
      this.shownHeader = header;
    }
    for (const [column, th] of [...this.head.children].entries()) {
      const sorted = this.sorting?.column === column ? (this.sorting.descending ? 'descending' : 'ascending') : null;
      setAttributes(th, { 'aria-sort': sorted, 'data-kind': this.kindOf(view, column) });
      const mark = th.querySelector('.sort-mark');
      if (mark) setText(mark, sorted === 'ascending' ? '▲' : sorted === 'descending' ? '▼' : '');
    }
  }

  /** Columns of numbers are set flush right. The last column is always read as text. */
  private kindOf(view: TableView, column: number): 'number' | 'text' {
    const isNumber = view.rows.some((row) => typeof row.cells[column]?.sort === 'number' && row.cells[column].time === null);
    return column > 0 && column < view.header.length - 1 && isNumber ? 'number' : 'text';
  }

  private rowOf(row: Row, view: TableView): HTMLTableRowElement {
    const known = this.rows.get(row.id) ?? { element: element('tr', { role: 'row', 'data-row': row.id }), shown: '' };
    this.rows.set(row.id, known);
    const texts = row.cells.map((cell) =>
      cell.time === null ? cell.text : formatTime(cell.time, view.locale, { date: true, seconds: true }),
    );
    const shown = JSON.stringify([view.header, texts, row.icon?.().getAttribute('class') ?? '']);
    if (shown === known.shown) return known.element;
    const hadFocus = known.element.contains(document.activeElement);
    known.element.replaceChildren(
      ...texts.map((text, column) => {
        if (column === 0) return element('th', { role: 'rowheader', scope: 'row' }, row.open ? this.opener(row, text, view) : text);
        const last = column === texts.length - 1;
        return element(
          'td',
          { role: 'cell', 'data-kind': this.kindOf(view, column), 'data-label': view.header[column] ?? '' },
          ...(last && row.icon ? [element('span', { class: 'with-icon' }, row.icon(), element('span', {}, text))] : [text]),
        );
      }),
    );
    if (hadFocus) known.element.querySelector('button')?.focus();
    known.shown = shown;
    return known.element;
  }

  private opener(row: Row, text: string, view: TableView): HTMLButtonElement {
    const button = element('button', { type: 'button', class: 'link', title: view.openLabel }, text);
    button.addEventListener('click', () => {
      // The row as it is now, not as it was when the button was made.
      this.view?.rows.find((other) => other.id === row.id)?.open?.();
    });
    return button;
  }
}
