/** A small card beside a place of the text. It moves with the text, stays inside the page, and takes no focus. */

const GAP = 8;

/**
 * Put a card below a rectangle, or above where there is no room below. Both are in the same scrolled box, so that the
 * card needs no following while scrolling.
 * @param {HTMLElement} card @param {HTMLElement} scroll @param {DOMRect[]} rects lines of the passage
 */
export function placeCard(card, scroll, rects) {
  const box = scroll.getBoundingClientRect();
  const shown = rects.filter(({ width }) => width > 0);
  if (shown.length === 0) return;
  const inView = shown.filter(({ bottom, top }) => bottom > box.top && top < box.bottom);
  const last = (inView.length ? inView : shown).at(-1);
  const first = (inView.length ? inView : shown)[0];
  card.style.left = "0px";
  card.style.top = "0px";
  const { width, height } = card.getBoundingClientRect();
  const below = box.bottom - last.bottom > height + 2 * GAP;
  const above = first.top - box.top > height + 2 * GAP;
  const top = below || !above ? Math.min(last.bottom + GAP, box.bottom - height - GAP) : first.top - height - GAP;
  const left = Math.min(Math.max(last.left, box.left + GAP), box.right - width - 2 * GAP - 12);
  card.style.left = `${Math.max(left - box.left, GAP) + scroll.scrollLeft}px`;
  card.style.top = `${top - box.top + scroll.scrollTop}px`;
  card.dataset.side = below || !above ? "below" : "above";
}
