// A plain click on <a class="in-app"> turns to that page in one rerun: the address changes, and Streamlit is told as it is told of
// "back". Everything else about a link stays the browser's: a modifier key, the middle button, "copy address".
export default function () {
  if (window.plimsollOpens) return;
  window.plimsollOpens = (address) => {
    history.pushState({}, "", new URL(address, document.baseURI));
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  };
  document.addEventListener(
    "click",
    (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.composedPath().find((node) => node.tagName === "A" && node.classList.contains("in-app"));
      if (!link) return;
      event.preventDefault();
      event.stopPropagation();
      window.plimsollOpens(link.href);
    },
    true,
  );
}
