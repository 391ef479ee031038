/** Dialogs about a passage: a memo on it (or on anything else), and a small correction of its words. */
import { make } from "./dom.js";
import { labelled, lineField, openForm, quoteCard, textField } from "./dialog.js";
import { freshId } from "./panel_parts.js";

const KINDS_OF_MEMO = ["reflection", "theory", "method", "member check"];
const memoDrafts = new WeakMap(); // store -> Map(targets -> text that was not sent)

/** What a memo is about, in words. @param {string} target "coding:1f3a", "turn:P7a:12", ... */
export function targetInWords(store, target) {
  const [kind, first = "", ...rest] = target.split(":");
  const { state } = store;
  if (kind === "study") return "the study";
  if (kind === "source") return first;
  if (kind === "turn") return `${first}, turn ${rest.at(-1)}`;
  if (kind === "span") return `a passage of ${first}`;
  if (kind === "case") return `case ${first}`;
  if (kind === "code") return `code “${store.codeOf(first)?.name ?? first}”`;
  const coding = state.codings.get(first);
  return coding ? `coding “${store.codeOf(coding.code)?.name ?? ""}”` : "a coding";
}

/** Where a target stands: what `store.go` takes, [source, place]; null for what has no place. */
export function placeOfTarget(store, target) {
  const [kind, first, ...rest] = target.split(":");
  if (kind === "source") return [first, null];
  if (kind === "turn") return [first, { turn: Number(rest.at(-1)) }];
  if (kind === "span" && rest.length === 2) return [first, { start: Number(rest[0]), end: Number(rest[1]) }];
  if (kind === "coding" && store.state.codings.has(first)) return [null, { coding: first }];
  return null;
}

function draftsOf(store) {
  if (!memoDrafts.has(store)) memoDrafts.set(store, new Map());
  return memoDrafts.get(store);
}

/** What the person can choose a memo to be about: what was asked for, and what lies around it. */
function choices(store, targets, range) {
  const { state } = store;
  const found = [...targets];
  for (const target of targets) {
    const coding = target.startsWith("coding:") ? state.codings.get(target.slice(7)) : null;
    if (coding?.code) found.push(`code:${coding.code}`);
  }
  const source = state.source?.id;
  const block = range && source ? store.blockAt(range.start) : null;
  if (range && !targets.some((target) => target.startsWith("span:") || target.startsWith("turn:"))) found.push(`span:${source}:${range.start}:${range.end}`);
  if (block?.turn !== null && block) found.push(`turn:${source}:${block.turn}`);
  if (source) found.push(`source:${source}`);
  found.push("study");
  return [...new Set(found)];
}

/**
 * @param {HTMLElement} root @param {ReturnType<import("./store.js").createStore>} store
 * @param {{targets?: string[], range?: {start: number, end: number}|null}} asked
 */
export function memoDialog(root, store, { targets = [], range = null } = {}) {
  const { state } = store;
  const drafts = draftsOf(store);
  const key = [...targets].sort().join(" ");
  const text = textField(drafts.get(key) ?? "", { rows: 7, autofocus: true, placeholder: "What you think. Other coders can read it." });
  const kinds = freshId("qc-kinds");
  const kind = lineField("reflection", { list: kinds, maxlength: 60 });
  const known = [...new Set([...KINDS_OF_MEMO, ...[...state.memos.values()].map((memo) => memo.kind)])].filter(Boolean);
  const boxes = choices(store, targets, range).map((target) => {
    const input = make("input", { type: "checkbox", checked: targets.includes(target), value: target });
    const what = target.startsWith("span:") ? "this passage" : targetInWords(store, target);
    return { target, input, el: make("label", { class: "qc-check" }, input, make("span", { text: what })) };
  });
  let sent = false;

  openForm(root, store, {
    title: "Memo",
    kind: "memo",
    modal: false,
    submit: "Keep the memo",
    fields: [
      range && store.quote(range.start, range.end) ? quoteCard(store.quote(range.start, range.end), { most: 180 }) : null,
      labelled("Memo", text, { hint: "Markdown. Ctrl Enter keeps it. Words of participants that may not be shared do not belong here." }),
      make("fieldset", { class: "qc-group" }, make("legend", { text: "About" }), ...boxes.map(({ el }) => el)),
      labelled("Kind", kind),
      make("datalist", { id: kinds }, ...known.map((value) => make("option", { value }))),
    ],
    intent() {
      if (!text.value.trim()) return "Write what you think first.";
      return { do: "memo", text: text.value.trim(), kind: kind.value.trim() || "reflection", targets: boxes.filter(({ input }) => input.checked).map(({ target }) => target) };
    },
    done() {
      sent = true;
      drafts.delete(key);
      store.say("Memo kept", "done");
    },
    onClose() {
      if (!sent && text.value.trim()) drafts.set(key, text.value);
      else drafts.delete(key);
    },
  });
}

/** A small correction in the transcript, of a passage in one turn. */
export function correctDialog(root, store, { range = store.state.selection } = {}) {
  const { source } = store.state;
  const block = range && source ? store.blockAt(range.start) : null;
  if (!block) {
    store.say("Select the words to correct first.", "error");
    return;
  }
  const end = Math.min(range.end, block.end);
  const start = Math.max(range.start, block.start);
  const before = store.quote(start, end);
  const text = textField(before, { rows: Math.min(Math.ceil(before.length / 60) + 1, 10), autofocus: true, spellcheck: "true", dir: "auto" });
  openForm(root, store, {
    title: "Correct the text",
    kind: "correct",
    submit: "Correct",
    preview: true,
    fields: [
      labelled(`${block.speaker ? `${block.speaker}, ` : ""}${block.turn === null ? source.title : `turn ${block.turn}`}`, text, {
        hint: end < range.end ? "One turn at a time: the words up to the end of this turn." : "Codings stay on their words. The text as it was is kept, and undo brings it back.",
      }),
    ],
    intent() {
      if (text.value === before) return null;
      return { do: "correct", source: source.id, version: source.version, start, end, quote: before, text: text.value };
    },
    done: () => store.say("Corrected", "done"),
  });
  text.setSelectionRange(text.value.length, text.value.length);
}
