// Measures what a reader meets on the page as it stands: returns [check, words] pairs. Sees into shadow roots and into drawings.
([periodNeeded]) => {
  const findings = [];
  const found = (check, words) => findings.push([check, words]);
  const SLACK = 2; // pixels: glyphs are set on fractions of one

  const parentOf = (node) => node.assignedSlot || node.parentElement || (node.getRootNode().host ?? null);
  function* ancestors(element) {
    for (let at = element; at; at = parentOf(at)) yield at;
  }
  const styles = new Map();
  const styleOf = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const boxes = new Map();
  const boxOf = (element) => {
    if (!boxes.has(element)) boxes.set(element, element.getBoundingClientRect());
    return boxes.get(element);
  };
  function* elementsUnder(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* elementsUnder(element.shadowRoot);
    }
  }
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const isIcon = (element) => /Material Symbols|Material Icons/.test(styleOf(element).fontFamily);
  const words = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 50));
  const where = (element) => {
    for (const at of ancestors(element)) {
      const name = at.dataset?.testid || at.id || (typeof at.className === "string" && at.className.split(" ").find((part) => !/^(st-emotion|e[0-9a-z]{6,}|css-|st-[a-z0-9]{2}$)/.test(part)));
      if (name) return name;
    }
    return "page";
  };
  const isInReach = (box) => box.width > 0 && box.right > 0 && box.bottom + scrollY > 0; // what is parked beside the window is not there
  const all = [...elementsUnder(document.body)].filter((element) => isShown(element) && isInReach(boxOf(element)));
  const firstOf = (selector) => all.find((element) => element.matches(selector));

  // ---- the lines of text that can be seen, each cut down to its part that is not clipped or scrolled away ----
  const clipsOf = new Map(); // {element: [box, isScrolled, element] of each ancestor that clips}
  const clips = (element) => {
    if (!element) return [];
    if (!clipsOf.has(element)) {
      const style = styleOf(element);
      const own = [];
      const [x, y] = [style.overflowX !== "visible", style.overflowY !== "visible"];
      if ((x || y) && style.display !== "inline" && element !== document.body && element !== document.documentElement) {
        const box = boxOf(element);
        own.push({
          element,
          left: x ? box.left : -Infinity, right: x ? box.right : Infinity,
          top: y ? box.top : -Infinity, bottom: y ? box.bottom : Infinity,
          scrollsX: /auto|scroll/.test(style.overflowX), scrollsY: /auto|scroll/.test(style.overflowY),
          isMeantUnseen: box.width <= 2 || box.height <= 2, // how words for screen readers alone are set
        });
      }
      // what is fixed to the window leaves the clips above it behind
      clipsOf.set(element, style.position === "fixed" ? own : [...own, ...clips(parentOf(element))]);
    }
    return clipsOf.get(element);
  };
  const explained = (element) => {
    for (const at of ancestors(element)) {
      if (at.getAttribute?.("title") || at.querySelector?.(":scope > title")) return true;
    }
    return false;
  };

  const lines = [];
  const cutAlready = new Set();
  for (const element of all) {
    if (/^(SCRIPT|STYLE|TITLE|NOSCRIPT|OPTION|TEXTAREA)$/i.test(element.tagName)) continue;
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      if (element.tagName === "DETAILS" && !element.open) continue; // text right inside has boxes even while it is folded away
      const size = parseFloat(styleOf(element).fontSize);
      const matrix = element.ownerSVGElement && element.getScreenCTM?.();
      const slant = matrix ? Math.atan2(matrix.b, matrix.a) : 0;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        if (rect.width < 1 || rect.height < 1) continue;
        // the glyphs, not the room of the font above and below them
        const middle = (rect.top + rect.bottom) / 2;
        const half = Math.min(rect.height, size * 0.8) / 2;
        const glyphs = { left: rect.left, right: rect.right, top: middle - half, bottom: middle + half };
        const seen = { ...glyphs };
        let isUnseen = false;
        let cutBy = null;
        for (const clip of clips(element)) {
          isUnseen ||= clip.isMeantUnseen;
          const beyondX = seen.left < clip.left - SLACK || seen.right > clip.right + SLACK;
          const beyondY = seen.top < clip.top - SLACK || seen.bottom > clip.bottom + SLACK;
          if ((beyondX && !clip.scrollsX) || (beyondY && !clip.scrollsY)) cutBy ||= clip.element;
          seen.left = Math.max(seen.left, clip.left);
          seen.right = Math.min(seen.right, clip.right);
          seen.top = Math.max(seen.top, clip.top);
          seen.bottom = Math.min(seen.bottom, clip.bottom);
        }
        if (isUnseen) continue;
        const isSeen = seen.right - seen.left > 1 && seen.bottom - seen.top > 1;
        const isClamped = cutBy && parseInt(styleOf(cutBy).webkitLineClamp) > 0;
        if (cutBy && (isSeen || isClamped) && !isIcon(element) && !explained(element) && !cutAlready.has(element)) {
          cutAlready.add(element);
          found("cut", `${words(node.data)} is cut in ${where(element)}`);
        }
        if (isSeen) lines.push({ node, element, ...seen, size, slant });
      }
    }
    if (element.tagName === "INPUT" && element.type !== "file" && element.value && element.scrollWidth > element.clientWidth + SLACK && !explained(element)) {
      found("cut", `${words(element.value)} is cut in the field ${words(element.getAttribute("aria-label") || where(element))}`);
    }
  }

  // ---- contrast: what is drawn under the text, blended ----
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colors = new Map();
  const rgba = (text) => {
    if (!colors.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = "#000";
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      colors.set(text, [red, green, blue, alpha / 255]);
    }
    return colors.get(text);
  };
  const over = (upper, lower) => {
    const alpha = upper[3] + lower[3] * (1 - upper[3]);
    if (!alpha) return [0, 0, 0, 0];
    return [0, 1, 2].map((i) => (upper[i] * upper[3] + lower[i] * lower[3] * (1 - upper[3])) / alpha).concat(alpha);
  };
  const faded = (color, opacity) => [color[0], color[1], color[2], color[3] * opacity];
  const opacityOf = (element) => parseFloat(styleOf(element).opacity);
  // the shapes of a drawing that lie under the middle of a text
  const shapesUnder = (line) => {
    const drawing = line.element.ownerSVGElement;
    if (!drawing) return [];
    const point = new DOMPoint((line.left + line.right) / 2, (line.top + line.bottom) / 2);
    const under = [];
    for (const shape of drawing.querySelectorAll("rect, path, circle, ellipse, polygon")) {
      if (!(shape.compareDocumentPosition(line.element) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const box = boxOf(shape);
      if (point.x < box.left || point.x > box.right || point.y < box.top || point.y > box.bottom) continue;
      const fill = styleOf(shape).fill;
      if (fill === "none" || shape.closest("defs, clipPath, mask, pattern") || !isShown(shape)) continue;
      const matrix = shape.getScreenCTM();
      if (!matrix || !shape.isPointInFill(point.matrixTransform(matrix.inverse()))) continue;
      if (fill.startsWith("url(")) return null; // a hatch: no one color
      under.push(faded(rgba(fill), opacityOf(shape) * parseFloat(styleOf(shape).fillOpacity)));
    }
    return under;
  };
  const groundOf = (line) => {
    const shapes = shapesUnder(line);
    if (shapes === null) return null;
    let ground = shapes.reduce((lower, upper) => over(upper, lower), [0, 0, 0, 0]);
    for (const at of ancestors(line.element)) {
      if (ground[3] > 0.99) break;
      const style = styleOf(at);
      if (style.backgroundImage !== "none") return null; // a gradient or picture: no one color
      ground = over(ground, faded(rgba(style.backgroundColor), opacityOf(at)));
    }
    return over(ground, [255, 255, 255, 1]);
  };
  const luminance = (color) => {
    const [red, green, blue] = color.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint = new Map(); // each pair of colors once, with its first text
  const judged = new Set();
  for (const line of lines) {
    if (judged.has(line.node)) continue;
    judged.add(line.node);
    const { element } = line;
    if ([...ancestors(element)].some((at) => at.matches?.(":disabled, [aria-disabled=true]"))) continue;
    const ground = groundOf(line);
    if (!ground) continue;
    const style = styleOf(element);
    const opacity = [...ancestors(element)].reduce((product, at) => product * opacityOf(at), 1);
    const drawn = element.ownerSVGElement ? faded(rgba(style.fill), parseFloat(style.fillOpacity)) : rgba(style.color);
    const text = over(faded(drawn, opacity), ground);
    const [darker, lighter] = [luminance(text), luminance(ground)].sort((a, b) => a - b);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    const size = parseFloat(style.fontSize);
    // a sign without a letter or digit is a graphic: a word says the same beside it
    const isSign = isIcon(element) || !/[\p{L}\p{N}]/u.test(line.node.data);
    const isLarge = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700) || isSign;
    if (contrast >= (isLarge ? 3 : 4.5) - 0.005) continue;
    const hex = (color) => "#" + color.slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");
    const pair = `${hex(text)} on ${hex(ground)}`;
    if (!faint.has(pair)) faint.set(pair, { contrast, element, text: line.node.data, count: 0 });
    faint.get(pair).count += 1;
  }
  for (const [pair, { contrast, element, text, count }] of faint) {
    found("contrast", `${contrast.toFixed(2)} (${pair}) of ${words(text)} in ${where(element)}${count > 1 ? ` and ${count - 1} more` : ""}`);
  }

  // ---- text over text ----
  const layerOf = (element, other) => {
    // whether `element` lies on an opaque ground of its own above `other`: a dialog, a bar that stays
    for (const at of ancestors(element)) {
      if (at.contains(other) || at.shadowRoot?.contains(other)) return false;
      const style = styleOf(at);
      if (style.position !== "static" && rgba(style.backgroundColor)[3] > 0.9) return true;
    }
    return false;
  };
  // slanted labels of an axis: their boxes meet, their lines do not
  const areParallel = (line, other) => {
    if (Math.abs(Math.sin(2 * line.slant)) < 0.1 || Math.abs(line.slant - other.slant) > 0.05) return false;
    const across = line.left + line.right - other.left - other.right;
    const down = line.top + line.bottom - other.top - other.bottom;
    const apart = Math.abs(down * Math.cos(line.slant) - across * Math.sin(line.slant)) / 2;
    return apart > Math.max(line.size, other.size) * 0.8;
  };
  const sorted = lines.filter((line) => !isIcon(line.element)).sort((a, b) => a.top - b.top);
  const told = new Set();
  for (let i = 0; i < sorted.length; i++) {
    const upper = sorted[i];
    for (let j = i + 1; j < sorted.length && sorted[j].top < upper.bottom - SLACK; j++) {
      const lower = sorted[j];
      if (lower.node === upper.node) continue;
      const width = Math.min(upper.right, lower.right) - Math.max(upper.left, lower.left);
      const height = Math.min(upper.bottom, lower.bottom) - Math.max(upper.top, lower.top);
      if (width <= SLACK || height <= SLACK) continue;
      if (areParallel(upper, lower)) continue;
      if (layerOf(upper.element, lower.element) || layerOf(lower.element, upper.element)) continue;
      const pair = `${words(upper.node.data)} over ${words(lower.node.data)} in ${where(lower.element)}`;
      if (!told.has(pair)) found("overlap", pair);
      told.add(pair);
    }
  }

  // ---- sideways ----
  for (const element of [document.documentElement, ...all]) {
    const isPage = element === document.documentElement;
    const scrolls = isPage || /auto|scroll/.test(styleOf(element).overflowX);
    if (scrolls && element.scrollWidth > element.clientWidth + SLACK && element.clientWidth > 0) {
      found("sideways", `${isPage ? "the page" : where(element)} is ${element.scrollWidth} wide in ${element.clientWidth}`);
    }
  }
  const outside = lines.find((line) => line.right > innerWidth + SLACK && !clips(line.element).some((clip) => clip.scrollsX));
  if (outside) found("sideways", `${words(outside.node.data)} stands beyond the right edge`);

  // ---- title, and the answer above the fold ----
  const textOf = (element) => (element?.textContent ?? "").trim();
  const [title, scope, sentence] = [".page-title", ".page-scope", ".page-sentence"].map(firstOf);
  const heading = `${textOf(title)} ${textOf(scope)}`.trim(); // scope and period may stand in either
  if (!textOf(title)) found("title", "no title");
  if (!textOf(scope) && !textOf(title).includes(" · ")) found("title", "no scope");
  else if (periodNeeded && !/\d\d/.test(heading)) found("title", `no period in ${words(heading)}`);
  if (!textOf(sentence)) found("title", "no sentence");
  const isAnswer = (element) => {
    if (!element.matches("[role=grid], [role=table], [role=img], table, ul.grid, ol.grid, svg, [data-testid=stDataFrame]")) return false;
    return boxOf(element).width >= 100 && boxOf(element).height >= 20;
  };
  const answer = sentence ?? all.find(isAnswer);
  if (!answer) found("fold", "no sentence, grid or chart");
  else if (boxOf(answer).bottom > innerHeight && (answer === sentence || boxOf(answer).top > innerHeight - 120)) {
    found("fold", `the answer begins at ${Math.round(boxOf(answer).top)} of ${innerHeight} pixels`);
  }
  return findings;
}
