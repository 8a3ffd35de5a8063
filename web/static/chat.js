// Paste, drop, preview and send on both pages; keys for the moderator's cards. No script is needed to use the pages.
"use strict";

const form = document.getElementById("composer");
const log = document.getElementById("log");

const stamp = (name) => document.getElementById(name).content.cloneNode(true).firstElementChild;
const isTyping = (target) => target.closest("input:not([type=file]), textarea, select, [contenteditable]");

function reveal(turn) {
  turn.scrollIntoView({ block: turn.offsetHeight > log.clientHeight ? "start" : "nearest" });
}

function show(turn) {
  log.append(turn);
  reveal(turn);
  return turn;
}

function preview(file, url, sample) {
  const turn = stamp("turn-you");
  const [picture, name] = [turn.querySelector("img"), turn.querySelector(".file-name")];
  if (file || sample) {
    picture.src = file ? URL.createObjectURL(file) : sample.querySelector("img").src;
    picture.onerror = () => picture.remove();
    picture.onload = () => reveal(turn);
  } else {
    picture.remove();
  }
  name.textContent = file ? file.name : sample ? sample.innerText : url;
  show(turn);
}

async function ask(body) {
  const turn = show(stamp("turn-bot"));
  const bubble = turn.querySelector(".bubble");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    bubble.innerHTML = await answer.text();  // rendered and escaped by our own server
  } catch {
    bubble.replaceChildren(document.getElementById("turn-problem").content.cloneNode(true));
  }
  reveal(turn);
  for (const picture of bubble.querySelectorAll("img")) {
    picture.addEventListener("load", () => reveal(turn), { once: true });
  }
}

async function send(files) {
  const url = form.elements.url.value.trim();
  const bodies = (files.length ? files : [null]).map((file) => {
    const body = new FormData(form);
    body.delete("image");
    if (file) body.set("image", file, file.name || "image");
    return [file, body];
  });
  form.reset();
  for (const [file, body] of bodies) {
    if (file || url) preview(file, url);
    await ask(body);
  }
}

async function sendSample(button) {
  const body = new FormData(form);
  body.delete("image");
  body.set("sample", button.value);
  preview(null, "", button);
  await ask(body);
}

function take(files) {
  const pictures = [...files].filter((file) => /^(image|video)\//.test(file.type) || !file.type);
  if (!pictures.length) return;
  if (log) {
    send(pictures);
  } else {
    const box = new DataTransfer();
    box.items.add(pictures[0]);
    form.elements.image.files = box.files;
    form.requestSubmit();
  }
}

if (form) {
  form.elements.image.addEventListener("change", (event) => take(event.target.files));
  if (log) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.name === "sample") sendSample(event.submitter);
      else send([...form.elements.image.files]);
    });
  }
  addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dragging");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dragging");
    take(event.dataTransfer.files);
  });
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target === form) document.getElementById("said").replaceChildren();
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (event.target !== form) return;
    form.elements.image.value = "";
    form.elements.url.value = "";
  });
}

// The card in focus, or else the first one that nobody has decided.
function card() {
  return document.activeElement.closest("[data-card]") || document.querySelector("[data-card][data-open]");
}

function step(by) {
  const cards = [...document.querySelectorAll("[data-card]")];
  const at = cards.indexOf(document.activeElement.closest("[data-card]"));
  const next = cards[at < 0 ? 0 : at + by];
  if (next) next.focus();
}

let decided = "";
addEventListener("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1);
  const chosen = /^[a-z]$/.test(event.key) && card()?.querySelector(`[data-key="${event.key}"]`);
  if (chosen) {
    event.preventDefault();
    chosen.click();
  }
});

// A decided card is a new element: the focus stays with it, so that z undoes what was just done.
document.addEventListener("submit", (event) => {
  decided = event.target.closest("[data-card]")?.id || "";
});
document.addEventListener("htmx:after:swap", () => {
  if (decided && document.activeElement === document.body) document.getElementById(decided)?.focus();
});
