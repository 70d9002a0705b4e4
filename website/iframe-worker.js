// From the file system browsers start no workers: there the search runs in a frame, which speaks as a worker does.
// Zensical would load such a script from elsewhere; by this one's name it knows that there is one.

/** As much of a worker as the search uses. */
class FrameWorker {
  /** @type {((event: MessageEvent) => void) | null} */
  onmessage = null;

  /** @param {string} url of the worker's script: assets/javascripts/workers/search.*.min.js */
  constructor(url) {
    this.frame = document.createElement("iframe");
    this.frame.src = String(new URL("../../search.html", new URL(url, location.href)));
    this.frame.hidden = true;
    this.frame.title = "search";
    this.ready = new Promise((loaded) => this.frame.addEventListener("load", loaded));
    window.addEventListener("message", (event) => {
      if (event.source === this.frame.contentWindow) this.onmessage?.(event);
    });
    document.body.append(this.frame);
  }

  /** @param {unknown} data */
  postMessage(data) {
    this.ready.then(() => this.frame.contentWindow?.postMessage(data, "*"));
  }

  terminate() {
    this.frame.remove();
  }
}

if (location.protocol === "file:") Object.assign(window, { Worker: FrameWorker });
