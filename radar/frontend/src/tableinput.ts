// What pointer and keyboard do in the fleet table.
import { COLUMNS, type Column, type Sort } from "./order";
import type { FleetTable, TableParts } from "./table";

export interface TableListener {
  chosen(ship: string): void;
  opened(ship: string): void;
  hovered(ship: string | null): void;
  starred(ship: string): void;
  sorted(sort: Sort): void;
}

export function listenToTable({ body, heads }: TableParts, table: FleetTable, listener: TableListener): void {
  const shipOf = (event: Event): string | undefined => (event.target as HTMLElement).closest<HTMLElement>("tr[data-ship]")?.dataset["ship"];
  heads.addEventListener("click", (event) => {
    const by = (event.target as HTMLElement).closest<HTMLElement>("[data-sort]")?.dataset["sort"];
    if (!isColumn(by)) return;
    table.sorted = { by, down: table.sorted.by === by && !table.sorted.down };
    listener.sorted(table.sorted);
  });
  body.addEventListener("click", (event) => {
    const ship = shipOf(event);
    if (!ship) return;
    if ((event.target as HTMLElement).closest("[data-star]")) listener.starred(ship);
    else listener.chosen(ship);
  });
  body.addEventListener("dblclick", (event) => {
    const ship = shipOf(event);
    if (ship && !(event.target as HTMLElement).closest("[data-star]")) listener.opened(ship);
  });
  body.addEventListener("mouseover", (event) => listener.hovered(shipOf(event) ?? null));
  body.addEventListener("mouseleave", () => listener.hovered(null));
  body.addEventListener("focusin", (event) => listener.hovered(shipOf(event) ?? null));
  body.addEventListener("focusout", () => listener.hovered(null));
  body.addEventListener("keydown", (event) => {
    const ship = shipOf(event);
    if (!ship || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLButtonElement) return;
    if (event.key === "Enter") listener.opened(ship);
    else if (event.key === " ") listener.chosen(ship);
    else if (!move(table, ship, event.key)) return;
    event.preventDefault();
  });
}

function move(table: FleetTable, ship: string, key: string): boolean {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: table.pageSize, PageUp: -table.pageSize };
  const by = steps[key];
  if (key === "Home" || key === "End") {
    // Whoever goes to an end wants it as it is now.
    table.renew();
    table.focus(table.next(null, key === "Home" ? 1 : -1));
  } else if (by !== undefined) table.focus(table.within(ship, by));
  else return false;
  return true;
}

function isColumn(value: string | undefined): value is Column {
  return COLUMNS.some((column) => column === value);
}
