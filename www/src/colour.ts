/** The style sheet's colours for what is drawn: as light or dark as the page is now. */
export function colourOf(element: HTMLElement, name: string): string {
  // As a property's own value it would still say both.
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = "";
  return color;
}
