// A range of days, dragged on the chart of missions a day. A plain click stays a link to its day.

/** The address with this range of days, in whatever order, from its first page on. */
export function ranged(address: string, one: string, other: string): string {
  const url = new URL(address);
  const [since, until] = one < other ? [one, other] : [other, one];
  url.searchParams.set("since", since);
  url.searchParams.set("until", until);
  url.searchParams.delete("after");
  url.searchParams.delete("before");
  return url.href;
}

export function dragging(): void {
  const chart = document.querySelector<SVGElement>("[data-bars]");
  if (!chart) return;
  const days = [...chart.querySelectorAll<SVGElement>("[data-day]")];
  let from: number | null = null;
  let to = 0;

  const placeAt = (event: PointerEvent): number => {
    const box = chart.getBoundingClientRect();
    return Math.max(0, Math.min(days.length - 1, Math.floor(((event.clientX - box.left) / box.width) * days.length)));
  };
  const mark = (): void => {
    days.forEach((day, place) => {
      const inside = from !== null && from !== to && place >= Math.min(from, to) && place <= Math.max(from, to);
      day.classList.toggle("drag", inside);
    });
  };

  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch") from = to = placeAt(event);
  });
  addEventListener("pointermove", (event) => {
    if (from === null) return;
    to = placeAt(event);
    mark();
  });
  addEventListener("pointerup", () => {
    const [begin, end] = [from, to];
    from = null;
    mark();
    if (begin === null || begin === end) return;
    const [one, other] = [days[begin]?.dataset["day"], days[end]?.dataset["day"]];
    if (one && other) location.href = ranged(location.href, one, other);
  });
}
