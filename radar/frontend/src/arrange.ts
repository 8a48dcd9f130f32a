// Putting nodes in order with as little moving as may be.

/** Makes `wanted` the children of `parent`; `still` (what has the focus, say) is never taken out, for it would lose it. */
export function arrange(parent: HTMLElement, wanted: readonly Node[], still: Node | null): void {
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  const pivot = still ? wanted.indexOf(still) : -1;
  if (pivot < 0) return place(parent, wanted, parent.firstChild);
  place(parent, wanted.slice(0, pivot), parent.firstChild, still);
  place(parent, wanted.slice(pivot + 1), still?.nextSibling ?? null);
}

function place(parent: HTMLElement, nodes: readonly Node[], from: ChildNode | null, end: Node | null = null): void {
  let next: ChildNode | null = from;
  for (const node of nodes) {
    if (node === next && next !== end) next = next.nextSibling;
    else parent.insertBefore(node, next ?? end);
  }
}
