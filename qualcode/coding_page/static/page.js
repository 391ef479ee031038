/** Entry for a page of its own: `qualcode open`, hand-outs and tests. What it is to show stands in the element "qualcode-data". */
import { mount } from "./main.js";
import { functionPort, httpPort } from "./port.js";
import { createLocalSession } from "./local.js";
import { browserShelf, localPort } from "./local_parts.js";
import { createHandoutBar } from "./handout_bar.js";
import { newId } from "./queue.js";

/** @param {Document} doc */
export function startPage(doc) {
  const data = JSON.parse(doc.getElementById("qualcode-data")?.textContent ?? "{}");
  const el = doc.getElementById("qualcode");
  if (data.handout) return startHandout(doc, el, data);
  const port = typeof window.qcIntent === "function" ? functionPort(window.qcIntent) : httpPort(`intent?view=${newId("v")}`, "audio");
  return mount(el, port, { height: "100vh", focus: true, alone: true, ...data.options });
}

function startHandout(doc, el, data) {
  const session = createLocalSession(data, browserShelf(data.handout));
  const bar = createHandoutBar(doc, data, session);
  el.append(bar.el);
  const page = mount(el, localPort(session), { height: "calc(100vh - 3.25rem)", focus: true, alone: true, syncEvery: 3600000 });
  bar.follow(page.store);
  return page;
}

const started = startPage(document);
window.qualcodePage = started;
