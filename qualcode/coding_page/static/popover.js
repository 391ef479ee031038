/** A small card beside a place of the text. It scrolls with the text, stays inside the page, and never covers the place. */

const GAP = 8;

/**
 * Put a card below a passage, or above where there is more room. Both lie in the same scrolled box, so that the card needs
 * no following while scrolling.
 * @param {HTMLElement} card @param {HTMLElement} scroll @param {DOMRect[]} rects lines of the passage
 * @param {{side?: "below"|"above"|null, list?: HTMLElement|null, least?: number}} [how] `side`: keep to this one; `list`: what
 *   may be shortened where there is little room, but not below `least` pixels
 * @returns {"below"|"above"|null} the side it stands on
 */
export function placeCard(card, scroll, rects, { side = null, list = null, least = 104 } = {}) {
  const box = scroll.getBoundingClientRect();
  const shown = rects.filter(({ width }) => width > 0);
  if (shown.length === 0) return null;
  const inView = shown.filter(({ bottom, top }) => bottom > box.top && top < box.bottom);
  const last = (inView.length ? inView : shown).at(-1);
  const first = (inView.length ? inView : shown)[0];
  const room = { below: box.bottom - last.bottom - 2 * GAP, above: first.top - box.top - 2 * GAP };
  if (list) list.style.maxHeight = "";
  Object.assign(card.style, { left: "0px", top: "0px" });
  let { width, height } = card.getBoundingClientRect();
  const at = side ?? (room.below >= height || room.below >= room.above ? "below" : "above");
  if (list && height > room[at]) {
    list.style.maxHeight = `${Math.max(list.getBoundingClientRect().height - (height - room[at]), least)}px`;
    ({ width, height } = card.getBoundingClientRect());
  }
  const top = at === "below" ? last.bottom + GAP : Math.max(first.top - height - GAP, box.top + GAP - scroll.scrollTop);
  const left = Math.min(Math.max(last.left, box.left + GAP), box.right - width - 2 * GAP - 12);
  card.style.left = `${Math.max(left - box.left, GAP) + scroll.scrollLeft}px`;
  card.style.top = `${top - box.top + scroll.scrollTop}px`;
  return at;
}
