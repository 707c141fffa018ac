// Ctrl-K: a dialog with one field (combobox) and one list (listbox). What is known from the start is searched here; what is asked of
// the build comes with a later call, for the text that `data.asked` names. Whatever is shown is set as text.
const FIRST_SHOWN = 8;
const SHOWN_OF_A_KIND = 6;
const PAUSE_BEFORE_ASKING = 150; // milliseconds: a person types faster than that

// 0 where the words or a key begin with the text, 1 where one of their words does, 2 where it stands within, null where it does not
const rankOf = (thing, text) => {
  const names = thing.names;
  if (names.some((name) => name.startsWith(text))) return 0;
  const all = names.join("\n");
  if (!text.split(/\s+/).every((part) => all.includes(part))) return null;
  return names.some((name) => name.split(/[\s_\-·(（]+/).some((word) => word.startsWith(text))) ? 1 : 2;
};

const matching = (things, text) => {
  if (!text) return things.slice(0, FIRST_SHOWN);
  const ofKind = {};
  return things
    .map((thing) => [rankOf(thing, text), thing])
    .filter(([rank]) => rank !== null)
    .sort(([one], [other]) => one - other)
    .map(([, thing]) => thing)
    .filter((thing) => (ofKind[thing.kind] = (ofKind[thing.kind] ?? 0) + 1) <= SHOWN_OF_A_KIND);
};

const built = (root) => {
  const [field, dialog, input, list, status] = ["button", "dialog", "input", "ul", "p"].map((name) => root.querySelector(name));
  const state = { data: null, shown: [], chosen: 0, ask: () => {} };
  let pause;

  const written = () => input.value.trim().toLowerCase();
  const choose = (at) => {
    state.chosen = Math.max(0, Math.min(at, state.shown.length - 1));
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", i === state.chosen));
    const option = list.children[state.chosen];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const draw = () => {
    const { data } = state;
    const text = written();
    const isAsked = text.length >= data.shortest;
    const isAnswered = !isAsked || data.asked === text;
    state.shown = [...matching(data.things, text), ...(isAsked && isAnswered ? data.found : [])];
    list.replaceChildren(
      ...state.shown.map((thing, i) => {
        const option = document.createElement("li");
        option.id = `option-${i}`;
        option.role = "option";
        for (const part of ["words", "kind", "detail"]) {
          if (!thing[part]) continue;
          const span = document.createElement("span");
          span.className = part;
          span.textContent = thing[part];
          option.append(span);
        }
        return option;
      }),
    );
    const { looking, nothing, shortest } = data.words;
    status.textContent = !isAnswered ? looking : text && !state.shown.length ? (isAsked ? nothing : shortest) : "";
    choose(state.chosen);
  };
  const open = (thing) => {
    if (!thing) return;
    clearTimeout(pause); // an answer asked for now would end the run of the page that is opened
    dialog.close();
    const session = state.data.session;
    window.plimsollOpens(`${thing.page}?${[thing.own, session].filter(Boolean).join("&")}`);
  };
  const show = () => {
    if (dialog.open) return dialog.close();
    input.value = "";
    state.chosen = 0;
    draw();
    dialog.showModal();
    input.focus();
  };

  field.onclick = show;
  input.oninput = () => {
    state.chosen = 0;
    draw();
    clearTimeout(pause);
    const text = written();
    if (text.length >= state.data.shortest && state.data.asked !== text) {
      pause = setTimeout(() => state.ask(text), PAUSE_BEFORE_ASKING);
    }
  };
  input.onkeydown = (event) => {
    if (event.isComposing) return; // an input method is still choosing its characters
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) choose(state.chosen + step);
    else if (event.key === "Enter") open(state.shown[state.chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  list.onmousedown = (event) => event.preventDefault(); // the field keeps the focus
  list.onclick = (event) => open(state.shown[[...list.children].indexOf(event.target.closest("li"))]);
  dialog.onclick = (event) => event.target === dialog && dialog.close(); // beside it
  const listen = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      event.stopPropagation();
      show();
    }
  };
  document.addEventListener("keydown", listen, true);

  return {
    told: (data, ask) => {
      Object.assign(state, { data, ask });
      for (const part of root.querySelectorAll(".label")) part.textContent = data.words.field;
      field.setAttribute("aria-label", data.words.field);
      for (const part of [dialog, input, list]) part.setAttribute("aria-label", data.words.title);
      input.placeholder = data.words.title;
      if (dialog.open) draw();
    },
    end: () => document.removeEventListener("keydown", listen, true),
  };
};

const finders = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  if (!finders.has(parentElement)) finders.set(parentElement, built(parentElement));
  const finder = finders.get(parentElement);
  finder.told(data, (text) => setStateValue("asked", text));
  return () => {
    finder.end();
    finders.delete(parentElement);
  };
}
