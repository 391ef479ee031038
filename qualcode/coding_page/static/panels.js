/**
 * The panels at the side, in the order of their tabs: `{id, title, mount(el, store) -> {show?(), close?()} | void}`.
 * What a panel can ask of the store stands at the top of store.js.
 */
import { mountTree } from "./tree.js";
import { mountQuotes } from "./quotes.js";
import { mountSearch } from "./search.js";
import { mountMemos } from "./memos.js";

export const PANELS = [
  { id: "codes", title: "Codes", mount: mountTree },
  { id: "quotes", title: "Quotes", mount: mountQuotes },
  { id: "search", title: "Search", mount: mountSearch },
  { id: "memos", title: "Memos", mount: mountMemos },
];
