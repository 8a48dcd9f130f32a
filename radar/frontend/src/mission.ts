// A mission's page: fetches the panels that others serve, and keeps them current while the mission runs.
import { h, say } from "./dom";
import { Panel } from "./mission/panel";

for (const element of document.querySelectorAll<HTMLElement>("[data-panel]")) void new Panel(element).keep();

// A report is a part of the page's address, and its items come without a new page.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-report]") : null;
  const panel = link?.closest<HTMLElement>("[data-panel]");
  if (!link || !panel || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const address = new URL(location.href);
  address.searchParams.set("report", link.dataset["report"] ?? "");
  history.replaceState(null, "", address);
  Panel.of(panel)?.ask({ report: link.dataset["report"] ?? "", items: link.dataset["items"] ?? "" });
});

document.querySelector("[data-copy-link]")?.addEventListener("click", (event) => {
  const button = event.currentTarget as HTMLElement;
  const said = document.querySelector("[data-copied]") ?? h("span");
  const tell = (text: string): void => {
    say(button, text);
    say(said, text);
    setTimeout(() => say(button, "Copy link"), 2000);
  };
  // The clipboard is there on secure origins only.
  (navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject(new Error("no clipboard"))).then(
    () => tell("Copied"),
    () => tell("Copy the address"),
  );
});
