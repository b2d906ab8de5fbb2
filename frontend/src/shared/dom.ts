/** Elements without markup texts: attributes and children only, so that no value can become code. */
type Child = Node | string;
type Attributes = Record<string, string | number | boolean | undefined>;

function filled<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Only addresses of this site become links, whatever the data says. */
export function link(url: string | undefined, text: string): Child {
  return url && isOwn(url) ? html("a", { href: url }, text) : text;
}

export function isOwn(url: string): boolean {
  return /^\/(?![/\\])/.test(url);
}

/** A colour of the design as it is now, in light or dark. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Height in pixels of the letters in drawings: it follows the page, which is larger on a board. */
export function letterHeight(): number {
  return Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8);
}

export function onThemeChange(act: () => void): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", act);
  return () => query.removeEventListener("change", act);
}

export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  html("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
