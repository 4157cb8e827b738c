import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap close to what is in use. A sweep makes much that lives for a page; V8 answers by letting its young part
 * grow to 128 MB and its old part to a multiple of what it needs, which a small instance has not got
 * (docs/decisions/0006-keep-the-heap-small.md).
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}
