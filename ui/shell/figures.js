// Charts: a point opens what it stands for, what is drawn can be saved as CSV, and a finger scrolls over them.
// Text from files is written to a file only, after it was made harmless for a spreadsheet.
export default function ({ data }) {
  if (window.plimsollFigures) return Object.assign(window.plimsollFigures, data);
  const words = (window.plimsollFigures = { ...data });
  const graphOf = (event) => event.composedPath().find((node) => node.classList?.contains("js-plotly-plot"));
  const attached = new WeakSet();

  const attach = (event) => {
    const graph = graphOf(event);
    if (!graph) return;
    for (const button of graph.querySelectorAll(".modebar-btn[data-title]"))
      button.dataset.title = words[button.dataset.title] ?? button.dataset.title;
    if (!graph.on || attached.has(graph.on)) return;
    attached.add(graph.on); // a new function after Plotly has begun the chart anew
    const addressOf = ({ points }) => points.map((point) => point.customdata).find((found) => typeof found === "string");
    graph.on("plotly_click", (click) => {
      const address = addressOf(click);
      if (address) window.plimsollOpens(address);
    });
    graph.on("plotly_hover", (hover) => graph.classList.toggle("plimsoll-opens", Boolean(addressOf(hover))));
    graph.on("plotly_unhover", () => graph.classList.remove("plimsoll-opens"));
  };
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, attach, true);

  // Plotly would keep the touch for its zoom, and the page could not be scrolled over a chart.
  document.addEventListener(
    "touchstart",
    (event) => {
      if (graphOf(event) && !event.target.closest(".modebar, .legend")) event.stopPropagation();
    },
    { capture: true, passive: true },
  );

  document.addEventListener("click", (event) => {
    const button = event.composedPath().find((node) => node.dataset?.figure);
    if (!button) return;
    const graph = document.querySelector(`.st-key-${CSS.escape(button.dataset.figure)} .js-plotly-plot`);
    if (!graph) return;
    if (button.dataset.name) save(csvOf(graph, words.heads), `${button.dataset.name}.csv`);
    else graph.querySelector(".modebar-btn").click(); // the first is Plotly's own, with the name and size that it was given
  });
}

function csvOf(graph, heads) {
  const lines = [heads];
  for (const trace of graph.data) {
    if (trace.hoverinfo === "skip" || trace.visible === "legendonly") continue;
    const [xs, ys, said] = [trace.x, trace.y, trace.hovertext ?? trace.text].map((column) => column ?? []);
    for (let place = 0; place < Math.max(xs.length, ys.length); place++) {
      if (xs[place] === null || ys[place] === null) continue;
      lines.push([plain(trace.name), xs[place], ys[place], plain(Array.isArray(said) ? said[place] : said)]);
    }
  }
  return "\ufeff" + lines.map((line) => line.map(cell).join(",") + "\r\n").join("");
}

function plain(text) {
  const flat = String(text ?? "").replace(/<br\s*\/?>/g, " · ").replace(/<[^>]*>/g, "");
  return flat.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

// As models/spreadsheets.py has it: what a spreadsheet would run as a formula gets an apostrophe in front.
function cell(value) {
  let text = String(value ?? "");
  const runs = /^\s*[=+\-@\t\r＝＋－＠]/.test(text);
  const isNumber = /^\s*[+\-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+\-]?\d+)?\s*%?\s*$/.test(text);
  if (runs && !isNumber) text = "'" + text;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
