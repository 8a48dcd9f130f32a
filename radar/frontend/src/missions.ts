// The list of missions: filters and rows in flight by htmx, columns kept in this browser, days dragged on the chart.
import "./missions/htmx";
import { columns } from "./missions/columns";
import { dragging } from "./missions/days";

columns();
dragging();

// "/" finds, as on the radar; not while something is typed.
document.addEventListener("keydown", (event) => {
  const field = document.querySelector<HTMLInputElement>("#q");
  const typing = event.target instanceof HTMLElement && event.target.closest("input, select, textarea");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
