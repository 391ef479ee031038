/** The line at the foot: what just happened, whether all is saved, and the steps as Python. Errors stand at the selection. */
import { countOf, iconButton, make } from "./dom.js";
import { placeCard } from "./popover.js";

const NOTE_STAYS = 6000;

/**
 * @param {HTMLElement} el @param {ReturnType<import("./store.js").createStore>} store
 * @param {{focusText: () => void}} page
 */
export function createStatusLine(el, store, { focusText }) {
  const { state } = store;
  const note = make("span", { class: "qc-note", role: "status" });
  const saved = make("span", { class: "qc-saved" });
  const lines = make("pre", { class: "qc-script-lines", tabindex: "0", "aria-label": "The steps as Python" });
  const scriptCard = make(
    "div",
    { class: "qc-card qc-script", hidden: true },
    make("div", { class: "qc-script-head" }, make("strong", { text: "These steps as Python" }), iconButton("copy", "Copy", copy, { text: "Copy" })),
    lines,
  );
  const script = make("button", { type: "button", class: "qc-button qc-script-button", "aria-expanded": "false", title: "What you did, as lines of Python", text: "As script", on: { click: toggle } });
  el.append(note, saved, script, scriptCard);

  let timer = null;
  function say({ text, kind }) {
    note.textContent = kind === "error" ? "" : text; // an error stands at the selection, and is read out from there
    clearTimeout(timer);
    timer = setTimeout(() => (note.textContent = ""), NOTE_STAYS);
  }

  let page = null; // what hears Escape while the lines are open, wherever the focus is
  function escape(event) {
    if (event.key !== "Escape" || event.composedPath()[0].closest?.("dialog")) return;
    event.preventDefault();
    event.stopPropagation();
    if (el.contains(el.getRootNode().activeElement)) script.focus();
    toggle();
  }

  function toggle() {
    scriptCard.hidden = !scriptCard.hidden;
    page?.removeEventListener("keydown", escape, true);
    page = scriptCard.hidden ? null : el.closest(".qc-root");
    page?.addEventListener("keydown", escape, true);
    script.setAttribute("aria-expanded", String(!scriptCard.hidden));
    if (!scriptCard.hidden) lines.scrollTop = lines.scrollHeight;
  }

  function drawScript() {
    script.hidden = Boolean(store.whyNot("script"));
    lines.textContent = state.script.length ? state.script.join("\n") : "Nothing was done yet.";
    script.textContent = state.script.length ? `As script (${state.script.length})` : "As script";
    if (!scriptCard.hidden) lines.scrollTop = lines.scrollHeight; // asking for its height lays the whole page out
  }

  function copy() {
    navigator.clipboard?.writeText(state.script.join("\n")).then(
      () => store.say("Copied", "done"),
      () => store.say("The browser did not allow copying. Select the lines and copy them yourself.", "error"),
    );
  }

  const button = (text, run, look = " qc-strong") => make("button", { type: "button", class: `qc-button${look}`, text, on: { click: () => (run(), focusText()) } });

  /** A button that asks once more. Not confirm(), which some notebooks do not have. */
  function sureButton(text, run) {
    const el = make("button", { type: "button", class: "qc-button", text, on: { click: press } });
    function press() {
      if (el.dataset.sure) return run();
      el.dataset.sure = "true";
      el.textContent = "Really give them up?";
      return undefined;
    }
    return el;
  }

  /** What is not saved is said in words, with what can be done about it; it never goes away by itself. */
  function drawStatus() {
    const { pending, late, trouble, silent, stranded } = state.status;
    const parts = [];
    el.dataset.state = late || trouble || silent || stranded ? "trouble" : pending ? "saving" : "saved";
    if (late) {
      const what = trouble ? `. ${trouble}` : ` for ${store.peer}`;
      parts.push(make("span", { role: "alert", text: `Not saved yet: ${countOf(pending, "step")} ${pending === 1 ? "waits" : "wait"}${what}` }), button("Try now", store.retry), sureButton("Discard", store.discard));
    } else if (stranded) {
      parts.push(
        make("span", { role: "alert", text: `${countOf(stranded, "step")} of an earlier page ${stranded === 1 ? "was" : "were"} not saved` }),
        button("Save now", () => store.adopt(true)),
        sureButton("Discard", () => store.adopt(false)),
      );
    } else if (trouble) parts.push(make("span", { role: "alert", text: trouble }));
    else if (silent) parts.push(make("span", { role: "alert", text: `No answer from ${store.peer}. What you code waits here until there is one.` }));
    else parts.push(make("span", { text: pending ? "Saving …" : state.study ? "All saved" : "Opening …" }));
    if (state.waiting) {
      const text = `${countOf(state.waiting, "coding")} to look at again`;
      parts.push(make("span", { class: "qc-quiet", text, title: "The text changed there. qc.relocations(project) lists them." }));
    }
    const deal = toDeal();
    if (deal) parts.push(deal);
    saved.replaceChildren(...parts);
  }

  /** A colleague split a code: what one's own quotes of it wait for, and the way there. */
  function toDeal() {
    const [first, ...more] = Object.keys(state.to_deal).map((id) => store.codeOf(id)).filter((code) => code?.split_into?.length);
    if (!first) return null;
    const n = state.to_deal[first.id];
    const onto = first.split_into.map((id) => store.codeOf(id)?.name).join(", ");
    const text = `${n} of your quotes of “${first.name}” ${n === 1 ? "waits" : "wait"} to be dealt onto ${onto}${more.length ? `; also of ${countOf(more.length, "more code")}` : ""}`;
    return make("button", { type: "button", class: "qc-link qc-to-deal", title: `${text}. Click to deal.`, text, on: { click: () => store.ask("split_code", { code: first.id }) } });
  }

  const offs = [store.on("say", say), store.on("script", drawScript), store.on("status", drawStatus), store.on("waiting", drawStatus), store.on("to_deal", drawStatus), store.on("codebook", drawStatus), store.on("open", drawStatus), store.on("open", drawScript)];
  drawScript();
  drawStatus();
  return {
    close() {
      clearTimeout(timer);
      offs.forEach((off) => off());
    },
  };
}

/**
 * What could not be done, beside the words it was about.
 * @param {HTMLElement} scroll @param {ReturnType<import("./store.js").createStore>} store
 * @param {ReturnType<import("./text_view.js").createTextView>} view
 */
export function createAlert(scroll, store, view) {
  const { state } = store;
  const words = make("p", {});
  const card = make("div", { class: "qc-card qc-alert", role: "alert", hidden: true }, words, iconButton("close", "Close", () => (card.hidden = true), { tabindex: "-1" }));
  card.addEventListener("mousedown", (event) => event.stopPropagation());
  scroll.append(card);

  const hide = () => (card.hidden = true);
  const offs = [
    store.on("say", ({ text, kind }) => {
      if (kind !== "error") return hide();
      words.textContent = text;
      card.hidden = false;
      const range = state.selection ?? (state.active ? state.codings.get(state.active) : null);
      const dom = range && view.domRange(range.start, range.end);
      if (dom) return placeCard(card, scroll, [...dom.getClientRects()]);
      const box = scroll.getBoundingClientRect();
      const width = card.getBoundingClientRect().width;
      card.style.left = `${Math.max((box.width - width) / 2, 8)}px`;
      card.style.top = `${scroll.scrollTop + 16}px`;
      return undefined;
    }),
    store.on("selection", ({ how }) => how !== "code" && hide()),
    store.on("source", hide),
  ];
  return { isOpen: () => !card.hidden, close: hide, closeView: () => offs.forEach((off) => off()) };
}
