/**
 * Ports: how a page reaches its session. A message goes out as a plain object and comes back as one; with an answer may
 * come bytes.
 *
 * @typedef {{send: (message: object) => void, onMessage: (fn: (message: object, buffers?: DataView[]) => void) => () => void,
 *   close?: () => void, audioUrl?: (source: string) => string, peer?: string, whenSilent?: string}} Port
 *   `audioUrl`: where the browser finds a recording by itself; without it, recordings come in pieces, as messages;
 *   `peer`: who answers, as people call it; `whenSilent`: what to do when nobody does
 */

/** Half a surrogate pair ends a notebook's connection with an error; it can come from a broken paste. */
export function wellFormed(value) {
  if (typeof value === "string") return value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wellFormed(inner)]));
  return value;
}

function listenersOf() {
  const fns = new Set();
  return {
    tell: (message, buffers) => fns.forEach((fn) => fn(message, buffers)),
    onMessage(fn) {
      fns.add(fn);
      return () => fns.delete(fn);
    },
  };
}

/** The model of a notebook widget (anywidget). Custom messages only: nothing of a text is kept in the notebook's file. */
export function modelPort(model) {
  const { tell, onMessage } = listenersOf();
  const receive = (message, buffers) => tell(message, buffers);
  model.on("msg:custom", receive);
  return {
    send(message) {
      try {
        model.send(message);
      } catch (error) {
        console.warn("qualcode:", error); // a kernel that is gone; the store notices the silence
      }
    },
    onMessage,
    close: () => model.off("msg:custom", receive),
  };
}

/** The small server of `qualcode open`. One message at a time, so that they arrive in order. @param {string} url @param {string} sounds where recordings are */
export function httpPort(url, sounds) {
  const { tell, onMessage } = listenersOf();
  let line = Promise.resolve();

  async function post(message) {
    try {
      const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message) });
      if (response.ok) tell(await response.json());
    } catch (error) {
      console.warn("qualcode:", error); // the server was stopped; the store notices the silence
    }
  }

  return {
    send: (message) => void (line = line.then(() => post(message))),
    onMessage,
    audioUrl: (source) => `${sounds}/${encodeURIComponent(source)}`,
    peer: "qualcode",
    whenSilent: "Is it still running? Start qualcode open again if it was stopped.",
  };
}

/** A function that answers a message, in this browser: the offline hand-out, and tests. */
export function functionPort(answer) {
  const { tell, onMessage } = listenersOf();
  return {
    send: (message) =>
      void Promise.resolve(answer(message)).then((reply) => {
        if (reply) tell(...(Array.isArray(reply) ? reply : [reply]));
      }),
    onMessage,
  };
}
