// A reporter for `node --test` that writes the runner's own totals as JSON, for scripts/test.mjs to add up.
export default async function* (events) {
  for await (const { type, data } of events) {
    // The summary of a single file names it; the last one is of the whole run.
    if (type !== 'test:summary' || data.file !== undefined) continue;
    const { passed, failed, cancelled, skipped, todo } = data.counts;
    yield JSON.stringify({ passed, failed: failed + cancelled, skipped: skipped + todo });
  }
}
