/**
 * Dialogs. A native `<dialog>` inside the page: it lies above a notebook, works in a shadow tree, Escape closes it, and
 * the focus returns to where it was. A form sends one intent and stays open with the reason where that is refused.
 */
import { iconButton, isField, make } from "./dom.js";
import { Discarded } from "./queue.js";
import { afterQuiet, focusTranscript, freshId } from "./panel_parts.js";

const SLOW = 400;
const VERY_SLOW = 4000;
const STILL_TYPING = 300;

/**
 * @param {HTMLElement} root the page
 * @param {{title: string, kind?: string, modal?: boolean, onClose?: () => void, onKey?: (event: KeyboardEvent) => void}} how
 *   `modal: false` leaves the text beside it usable
 */
export function openDialog(root, { title, kind = "form", modal = true, onClose = null, onKey = null }) {
  const id = freshId("qc-dialog");
  const before = root.getRootNode().activeElement;
  const body = make("div", { class: "qc-dialog-body" });
  const error = make("p", { class: "qc-dialog-error", role: "alert", hidden: true });
  const foot = make("div", { class: "qc-dialog-foot" });
  const heading = make("h2", { id, text: title });
  const el = make(
    "dialog",
    { class: `qc-card qc-dialog qc-dialog-${kind}`, "aria-labelledby": id },
    make("div", { class: "qc-dialog-head" }, heading, iconButton("close", "Close", () => close(), { key: "Esc" })),
    body,
    error,
    foot,
  );
  let closed = false;

  function close() {
    if (closed) return;
    closed = true;
    if (el.open) el.close();
    el.remove();
    onClose?.();
    const back = before && root.contains(before) ? before : drawnAnew(root, before);
    if (back && back.getClientRects().length > 0) back.focus({ preventScroll: true });
    else focusTranscript(root);
    takeNoCommands(root);
  }

  el.addEventListener("keydown", (event) => {
    event.stopPropagation(); // what is typed here is no key of the page, nor of a notebook around it
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else onKey?.(event);
  });
  for (const name of ["keyup", "keypress", "copy", "cut", "paste", "beforeinput", "mousedown", "dragstart"]) el.addEventListener(name, (event) => event.stopPropagation());
  el.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  // A press outside closes what has nothing typed in it; the press must begin there, for words are selected by dragging.
  if (modal) el.addEventListener("mousedown", (event) => event.target === el && isOutside(el, event) && el.dataset.changed !== "true" && close());
  for (const name of ["input", "change"]) el.addEventListener(name, () => (el.dataset.changed = "true"));

  root.append(el);
  if (modal) {
    try {
      el.showModal();
    } catch {
      el.show(); // where a page forbids modal dialogs
    }
  } else el.show();

  return {
    el,
    body,
    foot,
    heading,
    close,
    isClosed: () => closed,
    setError(text) {
      error.textContent = text ?? "";
      error.hidden = !text;
      if (text) error.scrollIntoView({ block: "nearest" });
    },
  };
}

/**
 * Whoever types does not see at once that the dialog closed: what follows without a pause is no command of the page,
 * nor of a notebook around it. Keys with Ctrl, arrows and Escape act; so does what is typed into a field.
 */
function takeNoCommands(root) {
  const end = () => root.removeEventListener("keydown", ignore, true);
  let timer = setTimeout(end, STILL_TYPING);
  function ignore(event) {
    const at = event.composedPath()[0];
    const typed = event.key.length === 1 || ["Enter", "Backspace", "Delete"].includes(event.key);
    if (!typed || event.ctrlKey || event.metaKey || isField(at) || at.closest?.("dialog")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(timer);
    timer = setTimeout(end, STILL_TYPING);
  }
  root.addEventListener("keydown", ignore, true);
}

/** The row of the tree that took the place of one that is gone. */
function drawnAnew(root, before) {
  const id = before?.dataset?.id;
  return id ? root.querySelector(`.qc-tree [data-id="${CSS.escape(id)}"]`) : null;
}

function isOutside(el, event) {
  const box = el.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/**
 * What a step would do, in sentences that Python makes; asked for when there was quiet.
 * @param {ReturnType<import("./store.js").createStore>} store
 * @param {{onRefused?: (reason: string|null) => void, title?: string}} [how]
 */
export function createPreview(store, { onRefused = null, title = "What will happen" } = {}) {
  const list = make("ul", {});
  const el = make("div", { class: "qc-preview", "aria-live": "polite", hidden: true }, title ? make("p", { class: "qc-preview-title", text: title }) : null, list);
  let number = 0;

  const ask = afterQuiet(220, async (intent, mine) => {
    let lines = [];
    let refused = null;
    try {
      ({ lines } = await store.send({ do: "preview", intent }));
    } catch (error) {
      refused = error.message;
    }
    if (mine !== number) return;
    list.replaceChildren(...(refused ? [refused] : lines).map((text) => make("li", { text })));
    el.hidden = list.children.length === 0;
    el.classList.toggle("qc-refused", refused !== null);
    onRefused?.(refused);
  });

  return {
    el,
    /** @param {object|null} intent null for nothing to tell */
    update(intent) {
      number += 1;
      if (intent) return ask(intent, number);
      ask.cancel();
      el.hidden = true;
      return onRefused?.(null);
    },
  };
}

/**
 * A dialog that ends in one intent.
 * @param {HTMLElement} root @param {ReturnType<import("./store.js").createStore>} store
 * @param {{title: string, submit: string, fields: (Node|null)[], intent: () => object|string|null,
 *   preview?: boolean, done?: (result: object) => void, kind?: string, modal?: boolean, onClose?: () => void, extra?: Node[]}} how
 *   `intent` gives the intent, a sentence that says what is missing, or null where nothing is to be done; `act` does it,
 *   where it is more than sending it
 */
export function openForm(root, store, { title, submit, fields, intent, preview = false, done = null, kind = "form", modal = true, onClose = null, extra = [], act = store.send }) {
  const dialog = openDialog(root, { title, kind, modal, onClose });
  const button = make("button", { type: "submit", class: "qc-button qc-primary", text: submit });
  const state = make("span", { class: "qc-dialog-state", role: "status" });
  const shown = preview ? createPreview(store, { onRefused: (reason) => (button.disabled = reason !== null) }) : null;
  const form = make("form", { class: "qc-form", id: freshId("qc-form"), novalidate: true, on: { submit: send } }, ...fields, shown?.el ?? null);
  button.setAttribute("form", form.id);
  dialog.body.append(form);
  dialog.foot.append(state, ...extra, make("button", { type: "button", class: "qc-button", text: "Cancel", on: { click: dialog.close } }), button);

  function look() {
    dialog.setError(null);
    if (!shown) return;
    const wanted = intent();
    shown.update(wanted && typeof wanted === "object" ? wanted : null);
  }

  async function send(event) {
    event?.preventDefault();
    if (button.disabled || button.getAttribute("aria-busy") === "true") return;
    const wanted = intent();
    if (wanted === null) {
      dialog.close(); // nothing was changed
      return;
    }
    if (typeof wanted === "string") {
      dialog.setError(wanted);
      return;
    }
    button.setAttribute("aria-busy", "true");
    const timers = [
      setTimeout(() => (state.textContent = "Saving …"), SLOW),
      setTimeout(() => (state.textContent = "Not saved yet: it waits for the kernel. You can close this; nothing is lost."), VERY_SLOW),
    ];
    try {
      const result = await act(wanted);
      dialog.close();
      done?.(result ?? {});
    } catch (error) {
      if (error instanceof Discarded) dialog.close();
      else if (dialog.isClosed()) store.say(error.message, "error");
      else dialog.setError(error.message);
    } finally {
      timers.forEach(clearTimeout);
      state.textContent = "";
      button.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("input", look);
  form.addEventListener("change", look);
  look();
  (dialog.body.querySelector("[autofocus]") ?? dialog.body.querySelector("input, textarea, select"))?.focus();
  return { ...dialog, look, send, button };
}

// ------------------------------------------------------------------------------------------------------------ fields

/** A field under its name. @param {string} name @param {HTMLElement} control @param {{hint?: string}} [more] */
export function labelled(name, control, { hint = "" } = {}) {
  const id = (control.id ||= freshId("qc-field"));
  const note = hint ? make("span", { class: "qc-field-hint", id: `${id}-hint`, text: hint }) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return make("div", { class: "qc-labelled" }, make("label", { for: id, text: name }), control, note);
}

/** One line of text. */
export function lineField(value = "", more = {}) {
  const el = make("input", { class: "qc-field", type: "text", autocomplete: "off", spellcheck: "false", ...more });
  el.value = value;
  return el;
}

/** Several lines; grows with what is in it. Ctrl+Enter sends the form. */
export function textField(value = "", { rows = 2, ...more } = {}) {
  const el = make("textarea", { class: "qc-field qc-textarea", rows, style: { "min-height": `${rows * 20 + 16}px` }, ...more });
  el.value = value;
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    el.form?.requestSubmit();
  });
  return el;
}

/** A box to tick. */
export function tickField(text, checked = false, more = {}) {
  const input = make("input", { type: "checkbox", checked, ...more });
  return { el: make("label", { class: "qc-check" }, input, make("span", { text })), input };
}

/** The words that a dialog is about. */
export function quoteCard(words, { about = "", most = 400 } = {}) {
  const shown = words.length > most ? `${words.slice(0, most)} …` : words;
  return make("blockquote", { class: "qc-quote-card" }, make("p", { dir: "auto", text: shown }), about ? make("footer", { text: about }) : null);
}
