import type { Reading } from '../domain/estate/reading.ts';
import type { Alert } from '../domain/record/alert.ts';
import type { Evidence } from '../domain/record/verdict.ts';

/** Azure keeps 32 K characters in a property (64 KiB of UTF-16); some are left for safety. */
const maxText = 32_000;

/** How long a value may be, in characters of JSON; the first that makes everything fit is taken. */
const valueSizes = [Number.POSITIVE_INFINITY, 4_000, 1_000, 200, 40];

interface PackedEvidence {
  reads: Reading[];
  rules: Record<string, { values: Record<string, unknown>; read: number[] }>;
}

/** Evidence as JSON that fits into a property; long values are replaced by a marker, at worst all of them. */
export function toEvidenceText(evidence: Evidence): string {
  const { values, read } = evidence;
  return (
    toFittingText((size) => ({ values: shortenValues(values, size), read })) ??
    JSON.stringify({ values: leaveOut(evidence), read: [] })
  );
}

/** Evidence of all rules as JSON that fits into a property; a read that several rules rest on is kept once. */
export function toEvidencesText(evidences: Record<string, Evidence>): string {
  const { reads, positions } = numberReads(evidences);
  const pack = (size: number): PackedEvidence => ({
    reads,
    rules: mapValues(evidences, ({ values, read }) => ({
      values: shortenValues(values, size),
      read: read.map((each) => positions.get(each) ?? 0),
    })),
  });
  const packAtWorst = () => ({
    reads: [],
    rules: mapValues(evidences, (evidence) => ({ values: leaveOut(evidence), read: [] })),
  });
  return toFittingText(pack) ?? JSON.stringify(packAtWorst());
}

/** Rules mostly rest on the very same reads: only those that are other objects are compared by what they say. */
function numberReads(evidences: Record<string, Evidence>): {
  reads: Reading[];
  positions: ReadonlyMap<Reading, number>;
} {
  const reads: Reading[] = [];
  const positions = new Map<Reading, number>();
  const byText = new Map<string, number>();
  for (const read of Object.values(evidences).flatMap((evidence) => evidence.read)) {
    if (positions.has(read)) continue;
    const text = toText(read);
    const known = byText.get(text);
    positions.set(read, known ?? reads.length);
    if (known !== undefined) continue;
    byText.set(text, reads.length);
    reads.push(read);
  }
  return { reads, positions };
}

/** Reads what {@link toEvidencesText} wrote. */
export function toEvidences({ reads, rules }: PackedEvidence): Record<string, Evidence> {
  return mapValues(rules, ({ values, read }) => ({
    values,
    read: read.flatMap((index) => reads[index] ?? []),
  }));
}

/** An alert's message as JSON that fits into a property; where it does not, remedies are cut. */
export function toPayloadText(message: Alert['payload']): string {
  if (message.type === 'coverage.subscription.lost') return JSON.stringify(message);
  const cut = (size: number) => ({
    ...message,
    transitions: message.transitions.map((each) => ({
      ...each,
      title: cutText(each.title, size),
      remedy: cutText(each.remedy, size),
    })),
  });
  return toFittingText(cut) ?? JSON.stringify(cut(0));
}

function toFittingText(toValue: (size: number) => unknown): string | undefined {
  for (const size of valueSizes) {
    const text = toText(toValue(size));
    if (text.length <= maxText) return text;
  }
  return undefined;
}

function shortenValues(values: Record<string, unknown>, size: number): Record<string, unknown> {
  if (size === Number.POSITIVE_INFINITY) return values;
  return mapValues(values, (value) => {
    const { length } = toText(value);
    return length > size ? `(left out: ${length} characters)` : value;
  });
}

function leaveOut(evidence: Evidence): Record<string, unknown> {
  return { evidence: `(left out: ${toText(evidence).length} characters)` };
}

function cutText(text: string, size: number): string {
  return text.length > size ? `${text.slice(0, size)}…` : text;
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function toText(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
