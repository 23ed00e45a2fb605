/**
 * The exact distribution of the Mann–Whitney statistic u without ties: element u of the answer is P(u), u = 0 … n·m. Built up by
 * P(n,m,u) = n/(n+m) · P(n−1,m,u−m) + m/(n+m) · P(n,m−1,u): sums of positive numbers, so nothing cancels. O(n²m²): for n, m below 50.
 * An empty side gives [1].
 */
export const wilcoxonDistribution = (n: number, m: number): Float64Array => {
  // row[j] is the distribution for (i, j); i grows in the outer loop.
  let row: Float64Array[] = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= n; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= m; j++) {
      const out = new Float64Array(i * j + 1);
      const above = row[j] ?? out;
      const beside = next[j - 1] ?? out;
      for (let u = 0; u < above.length; u++) out[u + j] = (out[u + j] ?? 0) + ((above[u] ?? 0) * i) / (i + j);
      for (let u = 0; u < beside.length; u++) out[u] = (out[u] ?? 0) + ((beside[u] ?? 0) * j) / (i + j);
      next.push(out);
    }
    row = next;
  }
  return row[m] ?? Float64Array.of(1);
};
