type Attributes = Readonly<Record<string, string | null>>;
type Child = Node | string | null;

/** Sets what differs and leaves the rest, so that focus and selection survive an update. Null removes. No `style`: the CSP forbids it. */
export const setAttributes = (element: Element, attributes: Attributes): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
};

export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
};

export const setText = (node: Node, text: string): void => {
  if (node.textContent !== text) node.textContent = text;
};

/** Shows a text, or hides its element when there is none. */
export const setOptionalText = (node: HTMLElement, text: string | null): void => {
  setText(node, text ?? '');
  node.hidden = text === null || text === '';
};

/** Makes `parent` hold exactly `wanted` in this order, moving as little as possible. */
export const arrange = (parent: Element, wanted: readonly Element[]): void => {
  wanted.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild?.remove();
};

const SVG = 'http://www.w3.org/2000/svg';
/** A small picture beside a word that says the same, so hidden from screen readers. `shapes` are tag and attributes. */
export const icon = (name: string, size: readonly [number, number], shapes: readonly (readonly [string, Attributes])[]): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg');
  setAttributes(svg, {
    class: `icon ${name}`,
    width: String(size[0]),
    height: String(size[1]),
    viewBox: `0 0 ${String(size[0])} ${String(size[1])}`,
    'aria-hidden': 'true',
    focusable: 'false',
  });
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS(SVG, tag);
    setAttributes(shape, attributes);
    svg.append(shape);
  }
  return svg;
};
