/** Where words stand on the screen. Whatever is asked here lays the text out: ask when the browser has just done so. */

/** The text node and the place in it of a UTF-16 place in an element that may be cut into marks. */
export function pointIn(el, unit) {
  let left = unit;
  const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.data.length) return [node, left];
    left -= node.data.length;
  }
  return [el, el.childNodes.length];
}

/**
 * The first and the last line of some stretches of a text, in pixels from its top.
 * @param {HTMLElement} text @param {({from: number, to: number}|null)[]} pieces UTF-16 places in the text
 * @returns {({first: object, last: object}|null)[]} null where nothing is to be seen
 */
export function linesOf(text, pieces) {
  const { top } = text.getBoundingClientRect();
  const range = document.createRange();
  const line = (box) => ({ top: box.top - top, bottom: box.bottom - top });
  return pieces.map((piece) => {
    if (!piece) return null;
    range.setStart(...pointIn(text, piece.from));
    range.setEnd(...pointIn(text, piece.to));
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
    return boxes.length === 0 ? null : { first: line(boxes[0]), last: line(boxes[boxes.length - 1]) };
  });
}

/**
 * Tell when texts were laid out anew: after the browser did so by itself and before it paints, so that reading costs nothing.
 * What is out of sight is not laid out, and is told of when it is.
 * @param {HTMLElement} column what the texts stand in; when it gets wider or narrower all are told of
 * @param {(texts: Element[]) => void} tell
 */
export function watchLayout(column, tell) {
  const watched = new Set();
  let width = 0;
  const look = (text) => {
    observer.unobserve(text);
    observer.observe(text);
  };
  const observer = new ResizeObserver((entries) => {
    const now = entries.find(({ target }) => target === column)?.contentRect.width ?? width;
    if (now !== width) watched.forEach(look); // told of in this same frame, for they lie deeper
    width = now;
    tell(entries.map(({ target }) => target).filter((target) => watched.has(target)));
  });
  observer.observe(column);
  return {
    /** Tell of a text now and whenever its size changes. */
    watch(text) {
      watched.add(text);
      look(text);
    },
    leave(text) {
      if (watched.delete(text)) observer.unobserve(text);
    },
    close: () => observer.disconnect(),
  };
}
