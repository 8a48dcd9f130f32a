// htmx without its ways to run text as code, which the content security policy forbids anyway.
import htmx from "htmx.org";

function refuse(): never {
  throw new Error("The page runs no text as code.");
}

htmx.registerExtension("no-scripts", {
  init: (api: { initSecurity(policy: null, plain: unknown, asynchronous: unknown): void }) => api.initSecurity(null, refuse, refuse),
});

// Nobody looks: the rows wait. They are asked for once somebody does.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.target instanceof Element && event.target.id === "live") event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  const live = document.querySelector("#live");
  if (!document.hidden && live) htmx.trigger(live, "every");
});
