// The form draws what this browser remembers; `turning` goes on after the form is gone, until Esc.
const REMEMBERED = "plimsoll-wall";
const AT_FIRST = { pages: null, seconds: 20 };
const FIRST_PAGES = 4;
const [SHORTEST, LONGEST] = [5, 600]; // seconds

const remembered = () => {
  try {
    return { ...AT_FIRST, ...JSON.parse(localStorage.getItem(REMEMBERED)) };
  } catch {
    return AT_FIRST; // storage is off, or holds something else
  }
};
const remember = (choice) => {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(choice));
  } catch {
    // it is chosen anew next time
  }
};
const bounded = (text) => Math.min(LONGEST, Math.max(SHORTEST, Math.round(Number(text)) || AT_FIRST.seconds));

const STYLE = `
  [data-testid=stHeader], [data-testid=stSidebar], .st-key-frame_bar, .st-key-frame_corner { display: none !important; }
  [data-testid=stMainBlockContainer] { padding-top: 1rem !important; padding-bottom: 3rem !important; }
  .plimsoll-wall {
    position: fixed; inset: auto 0 0 0; z-index: 1000000; display: flex; gap: 1.5rem; padding: 0.3rem 1.25rem; font-size: 0.9rem;
    color: light-dark(#1f2430, #e6e8eb); background: light-dark(#f5f6f7, #1e232b);
  }
  .plimsoll-wall i { position: absolute; inset: 0 auto auto 0; height: 2px; background: light-dark(#0072b2, #56b4e9); }
  @media print { .plimsoll-wall { display: none; } }
`;

const turning = (pages, seconds, { session, own, words }) => {
  window.plimsollWall?.();
  let at = -1;
  let until;
  let left = seconds * 1000; // of the page that is held
  let isHeld = false;
  const style = document.head.appendChild(Object.assign(document.createElement("style"), { textContent: STYLE }));
  const strip = document.body.appendChild(Object.assign(document.createElement("div"), { className: "plimsoll-wall" }));
  const line = document.createElement("i");
  const told = document.createElement("span");
  const keys = Object.assign(document.createElement("span"), { textContent: words.keys });
  strip.append(line, told, keys);

  const turn = (step) => {
    at = (at + step + pages.length) % pages.length;
    left = seconds * 1000;
    until = Date.now() + left;
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    window.plimsollOpens(`${pages[at].path}?${session}`);
  };
  const tick = () => {
    if (!isHeld) left = until - Date.now();
    if (left <= 0) turn(1);
    told.textContent = `${pages[at].name} · ${at + 1} / ${pages.length}${isHeld ? ` · ${words.held}` : ""}`;
    line.style.width = `${100 * (1 - left / (seconds * 1000))}%`;
  };
  const key = (event) => {
    if (event.key === "ArrowRight") turn(1);
    else if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "Escape") end();
    else if (event.key === " ") {
      isHeld = !isHeld;
      until = Date.now() + left;
    } else return;
    event.preventDefault();
    event.stopPropagation();
    if (window.plimsollWall) tick();
  };
  const left_full_screen = () => document.fullscreenElement || end();
  const end = () => {
    clearInterval(clock);
    document.removeEventListener("keydown", key, true);
    document.removeEventListener("fullscreenchange", left_full_screen);
    style.remove();
    strip.remove();
    delete window.plimsollWall;
    if (document.fullscreenElement) document.exitFullscreen();
    window.plimsollOpens(`${own}?${session}`);
  };

  window.plimsollWall = end;
  document.addEventListener("keydown", key, true);
  turn(1);
  const clock = setInterval(tick, 500);
  tick();
  // a browser that refuses full screen shows the pages in its window
  document.documentElement.requestFullscreen?.().then(
    () => document.addEventListener("fullscreenchange", left_full_screen),
    () => {},
  );
};

export default function ({ data, parentElement }) {
  const [legend, list, seconds, start, status] = ["legend", ".pages", "input[type=number]", "button", "[role=status]"].map((part) =>
    parentElement.querySelector(part),
  );
  const { words } = data;
  legend.textContent = words.pages;
  parentElement.querySelector(".seconds span").textContent = words.seconds;
  parentElement.querySelector(".keys").textContent = words.keys;
  start.textContent = words.start;

  const choice = remembered();
  const chosen = choice.pages ?? data.pages.slice(0, FIRST_PAGES).map((page) => page.path);
  seconds.value = bounded(choice.seconds);
  const boxes = data.pages.map((page) => {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: chosen.includes(page.path) });
    label.append(box, page.name);
    return [page, box, label];
  });
  list.replaceChildren(...boxes.map(([, , label]) => label));

  const wanted = () => boxes.filter(([, box]) => box.checked).map(([page]) => page);
  const changed = () => {
    start.disabled = !wanted().length;
    status.textContent = wanted().length ? "" : words.none;
    remember({ pages: wanted().map((page) => page.path), seconds: bounded(seconds.value) });
  };
  list.onchange = seconds.onchange = changed;
  start.onclick = () => turning(wanted(), bounded(seconds.value), data);
  start.disabled = !wanted().length;
}
