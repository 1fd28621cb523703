// Regions of the memory, one behind the other.

/** Bytes behind every region: values are moved sixteen at a time, and may be read and written beyond their end. */
const SLACK: usize = 64

/** Where the next region may begin. */
let top: usize = __heap_base

/** Forgets all regions. */
export function reset(): void {
  top = __heap_base
}

/** A region of so many bytes. It stays where it is when others are made. */
export function allocate(size: usize): usize {
  const at = (top + 15) & ~15
  grow(at + size + SLACK)
  top = at + size + SLACK
  return at
}

/** Makes the last region end there, or not far behind. */
export function endLast(end: usize): void {
  grow(end + SLACK)
  top = end + SLACK
}

function grow(end: usize): void {
  const missing = <isize>end - <isize>(<usize>memory.size() << 16)
  if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0) unreachable()
}
