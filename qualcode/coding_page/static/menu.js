/** A small menu beside a button or the pointer. */
import { make } from "./dom.js";

/**
 * @param {HTMLElement} root the page @param {{left: number, top: number, bottom: number, right: number}} box where it belongs
 * @param {({text: string, run: () => void, key?: string, icon?: Node, disabled?: boolean}|null)[]} items null is a line between
 * @param {{label: string, onClose?: () => void}} how
 */
export function openMenu(root, box, items, { label, onClose = null }) {
  root.querySelector(".qc-popup")?.dispatchEvent(new Event("qc-close"));
  const before = root.getRootNode().activeElement;
  const el = make("div", { class: "qc-card qc-popup", role: "menu", "aria-label": label, tabindex: "-1" });
  for (const item of items) {
    if (!item) {
      if (el.lastElementChild && el.lastElementChild.role !== "separator") el.append(make("div", { class: "qc-popup-line", role: "separator" }));
      continue;
    }
    const { text, run, key = "", icon = null, disabled = false } = item;
    el.append(
      make(
        "button",
        { type: "button", class: "qc-popup-item", role: item.checked === undefined ? "menuitem" : "menuitemcheckbox", "aria-checked": item.checked === undefined ? null : String(item.checked), tabindex: "-1", "aria-disabled": disabled ? "true" : null, on: { click: () => choose(run, disabled) } },
        icon ?? make("span", { class: "qc-popup-mark", "aria-hidden": "true", text: item.checked ? "✓" : "" }),
        make("span", { class: "qc-popup-text", text }),
        key ? make("kbd", { text: key }) : null,
      ),
    );
  }
  const entries = () => [...el.querySelectorAll(".qc-popup-item:not([aria-disabled])")];

  function close(back = true) {
    if (!el.isConnected) return;
    el.remove();
    window.removeEventListener("mousedown", outside, true);
    if (back && before?.isConnected) before.focus({ preventScroll: true });
    onClose?.();
  }

  function choose(run, disabled) {
    if (disabled) return;
    close();
    run();
  }

  function outside(event) {
    if (!event.composedPath().includes(el)) close(false);
  }

  function key(event) {
    event.stopPropagation();
    const all = entries();
    const at = all.indexOf(el.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + (at < 0 ? 1 : 0), Home: 0, End: -1 }[event.key];
    if (to !== undefined) all.at(to % all.length)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "Enter" || event.key === " ") el.getRootNode().activeElement?.click?.();
    else if (/^\S$/u.test(event.key)) {
      const begins = (entry) => entry.querySelector(".qc-popup-text").textContent.toLowerCase().startsWith(event.key.toLowerCase());
      (all.slice(at + 1).find(begins) ?? all.find(begins))?.focus();
    }
    event.preventDefault();
  }

  el.addEventListener("keydown", key);
  el.addEventListener("qc-close", () => close(false));
  root.append(el);
  const page = root.getBoundingClientRect();
  const { width, height } = el.getBoundingClientRect();
  const down = box.bottom + height + 6 < page.bottom || box.top - page.top < height;
  el.style.left = `${Math.max(Math.min(box.left, page.right - width - 8) - page.left, 8)}px`;
  el.style.top = `${Math.max((down ? Math.min(box.bottom + 2, page.bottom - height - 6) : box.top - height - 2) - page.top, 6)}px`;
  window.addEventListener("mousedown", outside, true);
  entries()[0]?.focus({ preventScroll: true });
  return { close };
}
