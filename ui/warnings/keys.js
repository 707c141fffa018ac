// Keys of the queue of alerts, and its ticks. Listens on the document, once; what is drawn anew is ticked and focused again.
const queue = (window.plimsollQueue ??= { ticked: new Set(), turn: null, current: null, follows: false, toForm: false });

const links = () => [...document.querySelectorAll("a.alerts-open")].filter((link) => !link.closest("details:not([open])"));
const ticks = () => [...document.querySelectorAll("input.alerts-tick")];
const keysOf = (tick) => JSON.parse(tick.dataset.keys);
const isTyping = (event) =>
  event.composedPath().some(
    (node) =>
      node.matches?.("textarea, select, [contenteditable=true], [role=dialog], [role=listbox], [role=combobox]") ||
      node.matches?.("input:not(.alerts-tick)"),
  );

function show() {
  for (const tick of ticks()) tick.checked = keysOf(tick).every((key) => queue.ticked.has(key));
  const button = document.querySelector("button.alerts-answer");
  if (button && queue.words) {
    const shown = queue.ticked.size ? `${queue.words.answer} (${queue.ticked.size})` : queue.words.answer;
    if (button.textContent !== shown) button.textContent = shown;
    button.disabled = !queue.ticked.size;
    button.dataset.listens = ""; // from here on keys are heard
  }
  if (queue.toForm) {
    const field = document.querySelector(".st-key-alerts_answering input[type=text]");
    if (!field) return;
    queue.toForm = false;
    field.closest(".st-key-alerts_answering").scrollIntoView({ block: "nearest" });
    field.focus();
  } else if (queue.follows && document.activeElement === document.body) {
    links().find((link) => link.dataset.alert === queue.current)?.focus({ preventScroll: true });
  }
}

function tick(box, isTicked) {
  for (const key of keysOf(box)) isTicked ? queue.ticked.add(key) : queue.ticked.delete(key);
  show();
}

function answer(keys) {
  if (!keys.length) return;
  queue.toForm = true;
  queue.answer(keys);
}

function boxOf(link) {
  return link?.closest(".alerts-row").querySelector("input.alerts-tick");
}

function pressed(event) {
  if (!document.querySelector(".alerts-queue") || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const found = links();
  const focused = event.composedPath().find((node) => node.classList?.contains("alerts-row"));
  const here = focused?.querySelector("a.alerts-open") ?? found.find((link) => link.dataset.alert === queue.current);
  const step = { j: 1, n: 1, k: -1, p: -1 }[event.key];
  if (step) {
    const place = found.indexOf(here);
    const next = found[place < 0 ? (step > 0 ? 0 : found.length - 1) : Math.min(Math.max(place + step, 0), found.length - 1)];
    if (!next) return;
    queue.current = next.dataset.alert;
    queue.follows = true;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  } else if (event.key === "o" || (event.key === "Enter" && event.target === here)) {
    if (!here) return;
    queue.current = here.dataset.alert;
    queue.follows = true;
    const close = here.dataset.isOpen && document.querySelector(".st-key-alerts_close button");
    (close || here).click();
  } else if (event.key === "x" && boxOf(here)) {
    tick(boxOf(here), !boxOf(here).checked);
  } else if (event.key === "a") {
    answer(queue.ticked.size ? [...queue.ticked] : here ? keysOf(boxOf(here)) : []);
  } else if (event.key === "?") {
    const keys = document.querySelector("details.alerts-keys");
    if (keys) keys.open = !keys.open;
  } else return;
  event.preventDefault();
}

function listen() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("pointerdown", () => (queue.follows = false));
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input.alerts-tick")) tick(event.target, event.target.checked);
  });
  document.addEventListener("click", (event) => {
    if (event.target.matches?.("button.alerts-answer")) answer([...queue.ticked]);
  });
  let waits = false;
  new MutationObserver(() => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      if (document.querySelector(".alerts-queue")) show();
    });
  }).observe(document.body, { childList: true, subtree: true });
}

export default function ({ data, setTriggerValue }) {
  queue.words = data.words;
  queue.answer = (keys) => setTriggerValue("answer", keys);
  if (queue.turn !== data.turn) {
    queue.turn = data.turn;
    queue.ticked = new Set(data.ticked);
  }
  if (!queue.listens) {
    queue.listens = true;
    listen();
  }
  show();
}
