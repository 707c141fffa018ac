// The table that `component.py` gives rows to: an ARIA grid in which the rows in view alone are laid out, a list where it is narrow.
// Text of a file is written with textContent alone; SVG comes from ui.kpis.bullet.

const LAID_OUT = 60; // rows that are all laid out, on screen and in print; above it those in view are
const SPARE = 8; // rows laid out beyond both edges of the view
const SEARCHED = 12; // rows above which there is a search
const SORTED = 4; // rows from which a narrow page offers an order
const NARROW = 600; // pixels below which rows become a list
const ROW = 34; // pixels of a row that nobody has measured
const GUTTER = 30; // pixels at the right, where the menu's button stands
const WIDEST = 380; // pixels that a text asks for at most
const WIDEST_MARK = 140;
const WORST_SHOWN = 3; // marks on a narrow row
const BAD = ["critical", "warning"]; // statuses, the worst first
const TEXTS = ["text", "chips"];
const [TEXT, VALUE, STATUS, LABEL, MARK, HOVER, ADDRESS, COURSE] = Array(8).keys(); // of a Cell

const orders = new Map(); // by a grid's key: the order chosen, while the tab is open

function element(tag, css = "", text = "", attributes = {}) {
  const made = document.createElement(tag);
  if (css) made.className = css;
  if (text !== "") made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function drawn(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** A number as `format` says it: "localized", or as C's printf would. */
function worded(value, format, localized) {
  const found = /%(\+?)(?:\.(\d+))?([dfg])/.exec(format ?? "");
  if (!found) return localized.format(value);
  const [whole, sign, digits, letter] = found;
  const said =
    letter === "d" ? String(Math.trunc(value))
    : letter === "f" ? value.toFixed(digits ?? 6)
    : String(Number(value.toPrecision(digits || 6)));
  return format.replace(whole, sign && value >= 0 ? `+${said}` : said).replace("%%", "%");
}

class Grid {
  constructor(parent) {
    this.parent = parent;
    this.root = element("div", "plimsoll-grid");
    this.tools = element("div", "tools");
    this.search = element("input", "search", "", { type: "search" });
    this.sorting = element("select", "sorting");
    this.grouping = element("button", "grouping", "", { type: "button" });
    this.found = element("span", "found", "", { "aria-live": "polite" });
    this.tools.append(this.search, this.sorting, this.grouping, this.found);
    this.menu = element("button", "menu", "⋯", { type: "button", "aria-expanded": "false" });
    this.choices = element("div", "choices", "", { role: "group" });
    this.choices.hidden = true;
    this.view = element("div", "view", "", { tabindex: -1 });
    this.table = element("div", "table");
    this.head = element("div", "row head");
    this.body = element("div", "body");
    this.table.append(this.head, this.body);
    this.view.append(this.table);
    this.printed = element("div", "printed");
    this.root.append(this.tools, this.menu, this.choices, this.view, this.printed);
    parent.append(this.root);

    this.laid = new Map(); // by an item's name: its row on the page
    this.heights = new Map(); // by an item's name: pixels
    this.folded = new Set();
    this.query = "";
    this.at = [0, 0]; // the item and column that the keyboard stands on; item -1 is the head
    this.listen();
  }

  listen() {
    this.search.addEventListener("input", () => {
      this.query = this.search.value.trim().toLowerCase();
      this.arrange();
    });
    this.sorting.addEventListener("change", () => {
      const [column, way] = this.sorting.value.split(" ");
      this.sort(column === "" ? null : { column: this.columns[column].key, isRising: way === "up" });
    });
    this.grouping.addEventListener("click", () => {
      this.keep({ isGrouped: !this.isGrouped });
      this.arrange();
    });
    this.menu.addEventListener("click", () => this.open(this.choices.hidden));
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.choices.hidden) {
        this.open(false);
        this.menu.focus();
      }
    });
    this.view.addEventListener("scroll", () => this.paint(), { passive: true });
    this.table.addEventListener("keydown", (event) => this.walk(event));
    this.table.addEventListener("focusin", (event) => this.stand(event.target.closest("[data-column]")));
    this.table.addEventListener("click", (event) => this.choose(event));
    this.outside = (event) => {
      if (!this.choices.hidden && !event.composedPath().includes(this.root)) this.open(false);
    };
    this.toPrint = () => this.print(true);
    this.fromPrint = () => this.print(false);
    document.addEventListener("pointerdown", this.outside);
    addEventListener("beforeprint", this.toPrint);
    addEventListener("afterprint", this.fromPrint);
    this.sizes = new ResizeObserver(() => {
      if (this.data && this.root.clientWidth && this.root.clientWidth !== this.width) this.lay();
    });
    this.sizes.observe(this.root);
    document.fonts?.ready.then(() => this.data && this.lay());
  }

  leave() {
    document.removeEventListener("pointerdown", this.outside);
    removeEventListener("beforeprint", this.toPrint);
    removeEventListener("afterprint", this.fromPrint);
    this.sizes.disconnect();
    this.root.remove();
  }

  // ---- what there is ----------------------------------------------------------------------------------------------

  take(data) {
    this.data = data;
    this.root.given = data; // for whoever looks at the page: what was to be shown
    this.words = data.words;
    this.formula = new RegExp(data.formula, "u");
    this.isNumber = new RegExp(data.number, "u");
    this.letters = new Intl.Collator(data.spoken, { numeric: true });
    this.numbers = new Intl.NumberFormat(data.spoken, { maximumFractionDigits: 6 });
    this.figures = data.columns.map((column) => this.figuresOf(column));
    this.table.setAttribute("aria-label", data.label || data.columns[0]?.head || "");
    this.search.placeholder = this.words.search;
    this.search.setAttribute("aria-label", this.words.search);
    this.sorting.setAttribute("aria-label", this.words.sort);
    this.menu.title = this.words.menu;
    this.menu.setAttribute("aria-label", this.words.menu);
    this.choices.setAttribute("aria-label", this.words.menu);
    this.search.hidden = data.count <= SEARCHED && !this.query;
    this.grouping.hidden = !data.groups;
    this.grouping.textContent = data.groups?.head ?? "";
    this.sought = null;
    this.heights.clear();
    this.lay();
  }

  /** What all cells of a column are drawn with. */
  figuresOf(column) {
    if (column.kind === "bar") {
      const values = column.cells.map((cell) => cell[VALUE] ?? 0);
      const low = Math.min(0, ...values);
      const high = Math.max(0, ...values);
      const words = column.cells.filter((cell) => cell[VALUE] !== null).map((cell) => cell[TEXT]);
      return { low, span: high - low || 1, room: Math.max(0, ...words.map((word) => this.measured(word))) + 2 };
    }
    if (column.kind === "course") {
      let [low, high] = [Infinity, -Infinity];
      for (const cell of column.cells)
        for (const value of cell[COURSE]) if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)];
      return { low, span: high - low || 1 };
    }
    return {};
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(`plimsoll-grid:${this.data.key}`)) ?? {};
    } catch {
      return {};
    }
  }

  keep(more) {
    try {
      localStorage.setItem(`plimsoll-grid:${this.data.key}`, JSON.stringify({ ...this.kept(), ...more }));
    } catch {
      // a browser that keeps nothing shows what is shown at first
    }
  }

  get isGrouped() {
    return Boolean(this.data.groups) && (this.kept().isGrouped ?? this.data.groups.isOn);
  }

  isShown(column) {
    return this.kept().columns?.[column.key] ?? column.isShown;
  }

  textOf(column, row) {
    const cell = column.cells[row];
    if (column.isRich) return cell[TEXT];
    if (cell === null || cell === undefined) return "";
    if (Array.isArray(cell)) return cell.join("; ");
    if (typeof cell === "boolean") return cell ? this.words.yes : this.words.no;
    return typeof cell === "number" ? worded(cell, column.format, this.numbers) : String(cell);
  }

  /** What a cell is sorted by: null where it is unknown. */
  valueOf(column, row) {
    const cell = column.cells[row];
    const value = column.isRich ? (cell[VALUE] ?? (TEXTS.includes(column.kind) ? cell[TEXT] : null)) : cell;
    if (Array.isArray(value)) return value.join("; ") || null;
    return value === "" || value === undefined ? null : value;
  }

  /** What is copied of a cell. */
  copiedOf(column, row) {
    const value = column.isRich ? column.cells[row][VALUE] : column.cells[row];
    const several = column.kind === "mark" && column.cells[row][LABEL]; // KPIs in one column: the value is their order alone
    if (several) return this.neutral(`${several} ${this.textOf(column, row)}`);
    if (typeof value === "number") return String(value);
    const text = (this.textOf(column, row) || column.cells[row]?.[LABEL] || "").replace(/[\t\r\n]+/g, " ");
    return this.neutral(text);
  }

  neutral(text) {
    return this.formula.test(text) && !this.isNumber.test(text) ? `'${text}` : text;
  }

  // ---- which rows, in which order ---------------------------------------------------------------------------------

  get order() {
    const order = orders.get(this.data.key);
    return order && this.data.columns.some((column) => column.key === order.column) ? order : null;
  }

  sort(order) {
    orders.set(this.data.key, order);
    this.view.scrollTop = 0;
    this.arrange();
  }

  /** One click more on a head: the way that its kind begins with, the other way, and as the rows came. */
  turn(column) {
    const begins = TEXTS.includes(column.kind);
    const order = this.order;
    if (order?.column !== column.key) this.sort({ column: column.key, isRising: begins });
    else this.sort(order.isRising === begins ? { column: column.key, isRising: !begins } : null);
  }

  sorted(rows) {
    const order = this.order;
    if (!order) return rows;
    const column = this.data.columns.find((found) => found.key === order.column);
    const values = rows.map((row) => this.valueOf(column, row));
    const way = order.isRising ? 1 : -1;
    return rows
      .map((row, place) => [values[place], row])
      .sort(([one, oneRow], [other, otherRow]) => {
        if (one === null || other === null) return (one === null) - (other === null) || oneRow - otherRow;
        const isText = typeof one === "string" || typeof other === "string";
        const apart = isText ? this.letters.compare(String(one), String(other)) : one - other;
        return way * apart || oneRow - otherRow;
      })
      .map(([, row]) => row);
  }

  matching() {
    const rows = [...Array(this.data.count).keys()];
    if (!this.query) return rows;
    this.sought ??= rows.map((row) =>
      this.data.columns
        .map((column) => `${this.textOf(column, row)} ${(column.isRich && column.cells[row][LABEL]) || ""}`)
        .concat(this.data.groups?.of[row] ?? "")
        .join("\n")
        .toLowerCase(),
    );
    return rows.filter((row) => this.sought[row].includes(this.query));
  }

  /** The rows in their order, by group where that is wished, and then what is in view. */
  arrange() {
    const rows = this.sorted(this.matching());
    this.items = rows.map((row) => ({ name: `r${row}`, row }));
    if (this.isGrouped) {
      const groups = new Map();
      for (const row of rows) {
        const name = this.data.groups.of[row];
        if (!groups.has(name)) groups.set(name, []);
        groups.get(name).push(row);
      }
      this.items = [];
      for (const [name, members] of groups) {
        this.items.push({ name: `g${name}`, group: name, count: members.length });
        if (!this.folded.has(name)) this.items.push(...members.map((row) => ({ name: `r${row}`, row })));
      }
    }
    this.rows = rows;
    this.found.textContent = this.query ? `${rows.length} / ${this.data.count}` : "";
    this.grouping.setAttribute("aria-pressed", String(this.isGrouped));
    const isLong = this.items.length > LAID_OUT;
    this.root.classList.toggle("is-long", isLong);
    this.view.tabIndex = this.isList && isLong ? 0 : -1; // a list without links is scrolled by keys as well
    this.tools.hidden = this.search.hidden && this.grouping.hidden && this.sorting.hidden;
    this.at = [Math.min(this.at[0], this.items.length - 1), Math.min(this.at[1], this.columns.length - 1)];
    const counts = { "aria-rowcount": this.items.length + 1, "aria-colcount": this.columns.length };
    for (const [name, count] of Object.entries(counts)) {
      if (this.isList) this.table.removeAttribute(name);
      else this.table.setAttribute(name, count);
    }
    this.mark();
    for (const row of this.laid.values()) row.remove();
    this.laid.clear();
    this.paint();
  }

  // ---- how it is laid out -----------------------------------------------------------------------------------------

  /** Everything anew: other data, another width, other columns. */
  lay() {
    this.width = this.root.clientWidth;
    this.isList = this.width > 0 && this.width < NARROW;
    this.columns = this.data.columns.filter((column, place) => place === 0 || this.isShown(column));
    this.root.classList.toggle("is-list", this.isList);
    this.root.classList.toggle("is-chosen-from", Boolean(this.data.ids));
    this.sorting.hidden = !this.isList || this.data.count < SORTED;
    this.table.setAttribute("role", this.isList ? "list" : "grid");
    this.body.setAttribute("role", this.isList ? "presentation" : "rowgroup");
    this.heads();
    this.fillSorting();
    this.fillChoices();
    this.table.style.setProperty("--tracks", this.isList ? "none" : this.tracks());
    this.heights.clear();
    this.arrange();
  }

  heads() {
    this.head.hidden = this.isList;
    this.head.setAttribute("role", "row");
    this.head.setAttribute("aria-rowindex", "1");
    this.head.replaceChildren(
      ...this.columns.map((column, place) => {
        const cell = element("div", `cell ${column.kind}`, "", {
          role: "columnheader",
          "aria-colindex": place + 1,
          "data-item": -1,
          "data-column": place,
        });
        if (column.kind === "figure") cell.classList.add("at-right");
        const button = element("button", "", "", { type: "button", tabindex: -1 });
        button.append(element("span", "", column.head), element("span", "way", "", { "aria-hidden": "true" }));
        if (column.hover) button.title = column.hover;
        button.addEventListener("click", () => this.turn(column));
        cell.append(button);
        return cell;
      }),
    );
  }

  /** Tells in the heads, and in the list of a narrow page, by what the rows are sorted. */
  mark() {
    const order = this.order;
    this.columns.forEach((column, place) => {
      const way = order?.column === column.key ? (order.isRising ? "ascending" : "descending") : "none";
      const cell = this.head.children[place];
      cell.setAttribute("aria-sort", way);
      cell.querySelector(".way").textContent = { ascending: "↑", descending: "↓", none: "" }[way];
    });
    const place = order ? this.columns.findIndex((column) => column.key === order.column) : -1;
    this.sorting.value = place < 0 ? "" : `${place} ${order.isRising ? "up" : "down"}`;
  }

  fillSorting() {
    const options = [element("option", "", this.words.order, { value: "" })];
    this.columns.forEach((column, place) => {
      for (const [way, sign] of [["down", "↓"], ["up", "↑"]])
        options.push(element("option", "", `${column.head} ${sign}`, { value: `${place} ${way}` }));
    });
    this.sorting.replaceChildren(...options);
  }

  open(isOpen) {
    this.choices.hidden = !isOpen;
    this.menu.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.choices.querySelector("button, input")?.focus();
  }

  fillChoices() {
    const copy = element("button", "copy", this.words.copy, { type: "button" });
    copy.addEventListener("click", async () => {
      await this.copy();
      copy.textContent = this.words.copied;
      setTimeout(() => (copy.textContent = this.words.copy), 2000);
    });
    const boxes = this.data.columns.slice(1).map((column) => {
      const line = element("label");
      const box = element("input", "", "", { type: "checkbox" });
      box.checked = this.isShown(column);
      box.dataset.key = column.key;
      box.addEventListener("change", () => {
        this.keep({ columns: { ...this.kept().columns, [column.key]: box.checked } });
        this.lay();
        this.choices.querySelector(`[data-key="${CSS.escape(column.key)}"]`).focus();
      });
      line.append(box, element("span", "", column.head));
      return line;
    });
    this.choices.replaceChildren(copy, ...boxes);
  }

  measured(text, isStrong = false) {
    this.pen ??= document.createElement("canvas").getContext("2d");
    const style = getComputedStyle(this.table);
    this.pen.font = `${isStrong ? 700 : 400} ${style.fontSize} ${style.fontFamily}`;
    return Math.ceil(this.pen.measureText(text).width);
  }

  /** The widths of the columns: no head is cut, a figure never breaks, what is left goes to the texts. */
  tracks() {
    const padding = 15;
    const asked = this.columns.map((column, place) => {
      const words = column.head.split(/\s+/).map((word) => this.measured(word, true));
      const whole = this.measured(column.head, true);
      const head = Math.max(...words, whole / 2.4) + padding;
      const wished = (...widths) => Math.max(head, Math.min(whole + padding + 16, 170), ...widths);
      const rows = [...Array(this.data.count).keys()];
      const longest = (of) => {
        const texts = [...new Set(rows.map(of))].sort((one, other) => other.length - one.length).slice(0, 12);
        return texts.length ? Math.max(...texts.map((text) => this.measured(text, true))) : 0;
      };
      const word = Math.min(longest((row) => this.longestWord(column, row)) + padding, 150);
      const text = longest((row) => this.textOf(column, row)) + padding;
      const figure = longest((row) => (this.valueOf(column, row) === null ? "" : this.textOf(column, row))) + padding;
      const label = column.isRich ? longest((row) => column.cells[row][LABEL]) + padding : 0;
      const sign = column.isRich && column.cells.some((cell) => cell[STATUS]) ? 18 : 0;
      if (column.kind === "mark") {
        const least = Math.max(head, figure + sign, word, label * 0.9, 84);
        return [least, Math.max(least, label * 0.9 + figure + sign - padding + 8, WIDEST_MARK)];
      }
      if (column.kind === "bar") return [Math.max(head, figure + 50, word), wished(figure + 90, word)];
      if (column.kind === "course") return [Math.max(head, 76), wished(106)];
      if (!TEXTS.includes(column.kind)) {
        const least = Math.max(head, figure + sign, word + sign);
        return [least, wished(least, label * 0.9)];
      }
      const most = wished(word, Math.min(Math.max(text + sign, label), WIDEST), column.width);
      return [Math.min(most, Math.max(head, word, place ? 64 : 130)), most];
    });
    const room = this.width - GUTTER - 2;
    const least = asked.reduce((sum, [low]) => sum + low, 0);
    const wished = asked.reduce((sum, [, high]) => sum + high, 0);
    let widths = asked.map(([low]) => low);
    if (wished <= room) {
      const takers = this.columns.map((column) => [...TEXTS, "bar"].includes(column.kind));
      const count = takers.filter(Boolean).length;
      const more = count ? (room - wished) / count : 0;
      widths = asked.map(([, high], place) => high + (takers[place] ? more : 0));
    } else if (least < room) {
      // what is short stands on one line; the long ones share the rest
      let [low, high] = [0, WIDEST];
      const widthsUpTo = (most) => asked.map(([least, wish]) => Math.max(least, Math.min(wish, most)));
      for (let step = 0; step < 12; step += 1) {
        const middle = (low + high) / 2;
        const isFitting = widthsUpTo(middle).reduce((sum, width) => sum + width, 0) <= room;
        if (isFitting) low = middle;
        else high = middle;
      }
      widths = widthsUpTo(low);
    }
    return `${widths.map((width) => `${Math.floor(width)}px`).join(" ")} ${GUTTER}px`;
  }

  longestWord(column, row) {
    return this.textOf(column, row)
      .split(/[\s\u3000-\u9fff\uff00-\uffef]+/)
      .reduce((longest, word) => (word.length > longest.length ? word : longest), "");
  }

  /** Lays out the rows in view: all where there are few. */
  paint() {
    if (!this.items) return;
    let [first, last, above, below] = [0, this.items.length, 0, 0];
    if (this.isPrinting) last = Math.min(last, LAID_OUT);
    else if (last > LAID_OUT) [first, last, above, below] = this.inView();
    const wanted = new Set(this.items.slice(first, last).map((item) => item.name));
    const hadFocus = this.body.contains(document.activeElement);
    for (const [name, row] of this.laid)
      if (!wanted.has(name)) {
        row.remove();
        this.laid.delete(name);
      }
    if (hadFocus && !this.body.contains(document.activeElement)) this.view.focus({ preventScroll: true });
    this.body.style.paddingTop = `${above}px`;
    this.body.style.paddingBottom = `${below}px`;
    for (let place = first; place < last; place += 1) {
      const item = this.items[place];
      let row = this.laid.get(item.name);
      if (!row) {
        row = item.group === undefined ? this.row(item, place) : this.groupRow(item, place);
        this.laid.set(item.name, row);
      }
      if (this.body.children[place - first] !== row) this.body.insertBefore(row, this.body.children[place - first] ?? null);
    }
    if (!this.items.length) this.body.replaceChildren(element("div", "nothing", this.words.none));
    else this.body.querySelector(".nothing")?.remove();
    if (this.items.length > LAID_OUT) for (const [name, row] of this.laid) this.heights.set(name, row.offsetHeight || ROW);
    this.rove();
  }

  /** The first and the last item to be laid out, and the pixels of all above and of all below. */
  inView() {
    const known = [...this.heights.values()];
    const usual = known.length ? known.reduce((sum, height) => sum + height, 0) / known.length : ROW;
    const heights = this.items.map((item) => this.heights.get(item.name) ?? usual);
    const [top, bottom] = [this.view.scrollTop, this.view.scrollTop + (this.view.clientHeight || 560)];
    let [offset, first, last] = [0, this.items.length, this.items.length];
    for (let place = 0; place < heights.length; place += 1) {
      if (first === this.items.length && offset + heights[place] > top) first = place;
      if (offset > bottom) {
        last = place;
        break;
      }
      offset += heights[place];
    }
    first = Math.max(0, Math.min(first, this.items.length - 1) - SPARE);
    last = Math.min(this.items.length, last + SPARE);
    const total = (from, to) => heights.slice(from, to).reduce((sum, height) => sum + height, 0);
    return [first, last, total(0, first), total(last, heights.length)];
  }

  print(isPrinting) {
    if (!this.data) return;
    this.isPrinting = isPrinting;
    const shown = Math.min(LAID_OUT, this.items.length);
    this.printed.textContent =
      this.items.length > LAID_OUT
        ? this.words.printed.replace("{shown}", shown).replace("{count}", this.items.length)
        : "";
    this.paint();
  }

  // ---- rows and cells ---------------------------------------------------------------------------------------------

  row(item, place) {
    const row = element("div", `row ${this.data.looks?.[item.row] ?? ""}`, "", {
      ...this.placed(place),
      "data-row": item.row,
    });
    if (this.chosen?.[0] === this.data.ids?.[item.row] && this.data.ids) row.setAttribute("aria-selected", "true");
    const columns = this.isList ? this.ofCard(item.row) : this.columns;
    const isShort = this.isList && columns.some((column) => column.kind === "mark");
    if (isShort) row.classList.add("short");
    columns.forEach((column) => row.append(this.cell(column, item.row, place, this.columns.indexOf(column), isShort)));
    return row;
  }

  placed(place) {
    return this.isList ? { role: "listitem" } : { role: "row", "aria-rowindex": place + 2 };
  }

  /** What a narrow page shows of a row: its name and what is not empty; where it has marks, what stays, the worst marks and what else
   * is bad, in two short lines. */
  ofCard(row) {
    const badness = (column) => {
      const place = BAD.indexOf(column.cells[row][STATUS]);
      return place < 0 ? BAD.length : place;
    };
    const marks = this.columns
      .filter((column) => column.kind === "mark" && column.cells[row][VALUE] !== null)
      .sort((one, other) => badness(one) - badness(other));
    const bad = marks.filter((column) => badness(column) < BAD.length);
    const worst = bad.length ? bad.slice(0, WORST_SHOWN) : marks.slice(0, 1);
    const others = this.columns.filter((column, place) => {
      if (place === 0) return false;
      if (column.kind === "mark") return false;
      if (worst.length && (column.stays || column.kind === "course")) return false;
      if (worst.length && !(column.isRich && badness(column) < BAD.length)) return false;
      return this.textOf(column, row) !== "" || (column.isRich && column.cells[row][COURSE].length);
    });
    const staying = this.columns.filter((column, place) => place && column.stays && worst.length && this.valueOf(column, row));
    return [this.columns[0], ...staying, ...worst, ...others];
  }

  groupRow(item, place) {
    const row = element("div", "row group", "", this.placed(place));
    const isFolded = this.folded.has(item.group);
    const cell = element("div", "cell", "", { "data-item": place, "data-column": 0 });
    if (!this.isList) {
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", "1");
      cell.setAttribute("aria-colspan", this.columns.length);
    }
    const button = element("button", "", "", { type: "button", "aria-expanded": String(!isFolded), tabindex: -1 });
    button.append(
      element("span", "fold", isFolded ? "▸" : "▾", { "aria-hidden": "true" }),
      element("span", "", item.group),
      element("span", "quiet", ` ${item.count}`),
    );
    button.addEventListener("click", () => {
      if (isFolded) this.folded.delete(item.group);
      else this.folded.add(item.group);
      this.at = [place, 0];
      this.arrange();
      this.focus();
    });
    cell.append(button);
    row.append(cell);
    return row;
  }

  cell(column, row, item, place, isShort = false) {
    const cell = element("div", `cell ${column.kind}`, "", { "data-item": item, "data-column": place });
    if (!this.isList) {
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-colindex", place + 1);
    }
    if (column.kind === "figure") cell.classList.add("at-right");
    if (column.stays) cell.classList.add("stays");
    const rich = column.isRich ? column.cells[row] : null;
    const isSaid = isShort && rich?.[LABEL]; // its own words say what it is
    if (this.isList && place > 0 && !isSaid) cell.append(element("span", "of", column.head));
    const address = rich?.[ADDRESS] && this.inApp(rich[ADDRESS]);
    const face = address ? element("a", "face in-app", "", { href: address, tabindex: -1 }) : element("div", "face");
    if (rich?.[HOVER]) face.title = rich[HOVER];
    if (isShort && isSaid && column.kind !== "mark") face.title = [column.head, rich[TEXT], rich[HOVER]].filter(Boolean).join(" · ");
    const isBrief = isShort && column.kind !== "mark";
    const fill = isBrief ? this.briefIn : { mark: this.markOf, bar: this.barOf, course: this.courseOf, chips: this.chipsOf }[column.kind] ?? this.textIn;
    fill.call(this, face, column, row, rich);
    cell.append(face);
    return cell;
  }

  /** The address where it stays inside this dashboard, else nothing. */
  inApp(address) {
    return new URL(address, document.baseURI).origin === location.origin ? address : null;
  }

  signOf(rich) {
    const [sign, word, color] = this.data.signs[rich[STATUS]] ?? [];
    if (!sign) return null;
    const made = element("span", "sign", sign, { role: "img", "aria-label": word, title: word });
    made.style.color = color;
    return made;
  }

  textIn(face, column, row, rich) {
    const line = element("span", this.valueOf(column, row) === null ? "figure word" : "figure", this.textOf(column, row));
    const sign = rich && this.signOf(rich);
    if (sign) line.prepend(sign, " ");
    face.append(line);
    if (rich?.[LABEL]) face.append(element("span", "label", rich[LABEL]));
  }

  /** On a short row: a sign and its words, the quiet ones where there are some ("CNY 890 K overdue"); of the row's name, the name. */
  briefIn(face, column, row, rich) {
    const isName = column === this.columns[0];
    const line = element("span", "figure", (!isName && rich?.[LABEL]) || this.textOf(column, row));
    const sign = rich && this.signOf(rich);
    if (sign) line.prepend(sign, " ");
    face.append(line);
  }

  markOf(face, column, row, rich) {
    const line = element("span", "line");
    if (rich[LABEL]) line.append(element("span", "label", rich[LABEL]));
    const look = rich[VALUE] === null ? "word" : BAD.includes(rich[STATUS]) ? "loud" : "";
    const figure = element("span", `figure ${look}`, rich[TEXT]);
    const sign = this.signOf(rich);
    if (sign) figure.prepend(sign, " ");
    line.append(figure);
    face.append(line);
    if (!rich[MARK]) return;
    const holder = element("template");
    holder.innerHTML = rich[MARK];
    face.append(holder.content);
  }

  barOf(face, column, row, rich) {
    const figure = element("span", rich[VALUE] === null ? "figure word" : "figure", rich[TEXT]);
    face.append(figure);
    if (rich[VALUE] === null) return;
    const { low, span, room } = this.figures[this.data.columns.indexOf(column)];
    const [zero, end] = [-low / span, (rich[VALUE] - low) / span];
    figure.style.width = `${room}px`; // the same in each row, so that the zeros stand under each other
    const track = element("span", "track", "", { "aria-hidden": "true" });
    const bar = element("span", "bar");
    bar.style.left = `${Math.min(zero, end) * 100}%`;
    bar.style.width = `${Math.abs(end - zero) * 100}%`;
    bar.style.background = this.data.signs[rich[STATUS]]?.[2] ?? "";
    const axis = element("span", "zero");
    axis.style.left = `${zero * 100}%`;
    track.append(bar, axis);
    face.prepend(track);
  }

  courseOf(face, column, row, rich) {
    const points = rich[COURSE];
    const { low, span } = this.figures[this.data.columns.indexOf(column)];
    const [width, height] = [88, 22];
    const at = (value, place) => [
      3 + (place * (width - 6)) / Math.max(points.length - 1, 1),
      height - 3 - ((value - low) * (height - 6)) / span,
    ];
    let path = "";
    let end = null;
    points.forEach((value, place) => {
      if (value === null) return;
      end = at(value, place);
      path += `${place && points[place - 1] !== null ? "L" : "M"}${end[0].toFixed(1)} ${end[1].toFixed(1)}`;
    });
    if (!end) return;
    const known = points.filter((value) => value !== null);
    const told = rich[TEXT] || `${this.numbers.format(known[0])} → ${this.numbers.format(known.at(-1))}`;
    const picture = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": told });
    const fill = BAD.includes(rich[STATUS]) ? this.data.signs[rich[STATUS]][2] : "currentColor";
    picture.append(drawn("path", { d: path, fill: "none", stroke: "currentColor", "stroke-opacity": 0.7, "stroke-width": 1.2 }));
    picture.append(drawn("circle", { cx: end[0], cy: end[1], r: 2.2, fill }));
    face.append(picture);
  }

  chipsOf(face, column, row) {
    for (const text of column.cells[row] ?? []) face.append(element("span", "chip", text), " ");
  }

  // ---- keyboard and clicks ----------------------------------------------------------------------------------------

  cellAt([item, column]) {
    return this.table.querySelector(`[data-item="${item}"][data-column="${column}"]`);
  }

  /** What takes the focus of a cell: its link or button, else the cell. */
  focusable(cell) {
    return cell.querySelector("a, button") ?? cell;
  }

  /** One cell alone is in the order of the Tab key; in a list, every link is. */
  rove() {
    if (this.isList) {
      for (const found of this.body.querySelectorAll("a, button")) found.tabIndex = 0;
      return;
    }
    for (const found of this.table.querySelectorAll("[tabindex='0']")) found.tabIndex = -1;
    const cell = this.cellAt(this.at) ?? this.body.querySelector("[data-column]") ?? this.head.firstChild;
    if (cell) this.focusable(cell).tabIndex = 0;
  }

  stand(cell) {
    if (!cell || this.isList) return;
    this.at = [Number(cell.dataset.item), Number(cell.dataset.column)];
    this.rove();
  }

  focus() {
    const [item] = this.at;
    if (item >= 0 && this.items.length > LAID_OUT && !this.cellAt(this.at)) {
      const usual = [...this.heights.values()];
      const average = usual.length ? usual.reduce((sum, height) => sum + height, 0) / usual.length : ROW;
      this.view.scrollTop = this.items.slice(0, item).reduce((sum, found) => sum + (this.heights.get(found.name) ?? average), 0);
      this.paint();
    }
    const cell = this.cellAt(this.at) ?? this.cellAt([item, 0]);
    if (!cell) return;
    const found = this.focusable(cell);
    if (found === cell) cell.tabIndex = 0;
    found.focus({ preventScroll: true });
    const [room, place, head] = [this.view.getBoundingClientRect(), cell.getBoundingClientRect(), this.head.offsetHeight];
    if (item >= 0 && place.top < room.top + head) this.view.scrollTop -= room.top + head - place.top;
    else if (place.bottom > room.bottom) this.view.scrollTop += place.bottom - room.bottom + 2;
    if (place.left < room.left) this.view.scrollLeft -= room.left - place.left;
    else if (place.right > room.right) this.view.scrollLeft += place.right - room.right;
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  walk(event) {
    if (this.isList || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Enter" && this.data.ids && event.target.matches("[role=gridcell]")) {
      this.choose(event);
      return;
    }
    const [item, column] = this.at;
    const [lastItem, lastColumn] = [this.items.length - 1, this.columns.length - 1];
    const page = Math.max(1, Math.floor(this.view.clientHeight / ROW) - 2);
    const isFar = event.ctrlKey;
    const goal = {
      ArrowUp: [item - 1, column],
      ArrowDown: [item + 1, column],
      ArrowLeft: [item, column - 1],
      ArrowRight: [item, column + 1],
      Home: [isFar ? -1 : item, 0],
      End: [isFar ? lastItem : item, lastColumn],
      PageUp: [Math.max(item - page, 0), column],
      PageDown: [item + page, column],
    }[event.key];
    if (!goal || (isFar && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    this.at = [Math.max(-1, Math.min(goal[0], lastItem)), Math.max(0, Math.min(goal[1], lastColumn))];
    this.focus();
  }

  choose(event) {
    const cell = event.target.closest(".body [data-column]");
    if (!this.data.ids || !cell || event.target.closest("a, button")) return;
    const { row } = this.items[Number(cell.dataset.item)];
    this.chosen = [this.data.ids[row], this.columns[Number(cell.dataset.column)].key];
    for (const found of this.laid.values()) found.removeAttribute("aria-selected");
    cell.parentElement.setAttribute("aria-selected", "true");
    this.tell(this.chosen);
  }

  /** What is shown as tab-separated values, its numbers unrounded, nothing in it that a spreadsheet would run. */
  async copy() {
    const lines = [this.columns.map((column) => this.neutral(column.head))];
    for (const row of this.rows) lines.push(this.columns.map((column) => this.copiedOf(column, row)));
    const text = lines.map((line) => line.join("\t")).join("\n");
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const field = element("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy"); // an address without TLS has no other way
    field.remove();
  }
}

const shown = new WeakMap(); // by the element of a component: its grid and the bytes it was last given

export default function ({ data, parentElement, setStateValue }) {
  const grid = shown.get(parentElement) ?? new Grid(parentElement);
  shown.set(parentElement, grid);
  grid.tell = (chosen) => setStateValue("chosen", chosen);
  const told = new TextDecoder().decode(data);
  if (told !== grid.told) {
    grid.told = told;
    grid.take(JSON.parse(told));
  }
  return () => {
    shown.delete(parentElement);
    grid.leave();
  };
}
