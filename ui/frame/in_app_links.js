// What every page listens to. A plain click on <a class="in-app"> turns to that page in one rerun: the address changes, and
// Streamlit is told as it is told of "back". Everything else about a link stays the browser's.
export default function ({ data }) {
  markSection(data.section);
  if (window.plimsollOpens) return;
  window.plimsollOpens = (address) => {
    history.pushState({}, "", new URL(address, document.baseURI));
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  };
  document.addEventListener(
    "click",
    (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const path = event.composedPath();
      const theme = path.find((node) => node.classList?.contains("frame-theme"));
      if (theme) return switchTheme(theme.dataset.paths.split(" "));
      const share = path.find((node) => node.classList?.contains("frame-share"));
      if (share) return copyAddress(share);
      if (path.some((node) => node.classList?.contains("frame-print"))) return window.print();
      const link = path.find((node) => node.tagName === "A" && node.classList.contains("in-app"));
      if (!link) return;
      event.preventDefault();
      event.stopPropagation();
      window.plimsollOpens(link.href);
    },
    true,
  );
}

// Streamlit marks the page in a section that is folded away, and not the section.
function markSection(place) {
  const items = [...document.querySelectorAll("[data-testid=stTopNav] :is([data-testid=stTopNavLink], [data-testid=stTopNavSection])")];
  items.forEach((item, at) => (at === place ? item.setAttribute("aria-current", "page") : item.removeAttribute("aria-current")));
}

// Streamlit keeps a theme for each address apart, and reads it while it loads.
function switchTheme(paths) {
  const ground = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
  const light = ground.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) > 382;
  for (const path of paths) localStorage.setItem(`stActiveTheme-${path}-v2`, JSON.stringify(light ? "Dark" : "Light"));
  location.reload();
}

// The address holds all that is chosen: whoever opens it sees the same.
async function copyAddress(button) {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = words), 2500);
  } catch {
    window.prompt(button.title, location.href); // where a browser keeps its clipboard from pages
  }
}
