/** When kube-proxy last wrote all its rules, by its own words. Pure. */

/** Seconds since the epoch, by family; a family that was never synced is absent. */
export type LastSync = Partial<Record<4 | 6, number>>;

const metric = /^kubeproxy_sync_proxy_rules_last_timestamp_seconds(?:\{([^}]*)\})? (\S+)/;

/**
 * From the metrics page. The gauge has a label `ip_family` since Kubernetes 1.33; before, one value
 * stands for both families. 0 means: never.
 */
export function lastSyncFromMetrics(page: string): LastSync {
  const result: LastSync = {};
  for (const line of page.split('\n')) {
    const match = metric.exec(line);
    const time = Number(match?.[2]);
    if (match === null || !(time > 0)) continue;
    const family = /ip_family="IPv([46])"/.exec(match[1] ?? '')?.[1];
    if (family !== '6') result[4] = time;
    if (family !== '4') result[6] = time;
  }
  return result;
}

/** From `/livez` or `/healthz` (pkg/proxy/healthcheck/proxy_health.go), where newer versions tell it by family. */
export function lastSyncFromHealth(body: string): LastSync {
  const { status = {} } = JSON.parse(body) as { status?: Record<string, { lastUpdated?: string }> };
  const result: LastSync = {};
  for (const family of [4, 6] as const) {
    const time = Date.parse(status[`IPv${family}`]?.lastUpdated ?? '') / 1000;
    if (time > 0) result[family] = time;
  }
  return result;
}

/** The oldest of the families' times; undefined when one of them has none. */
export function oldest(sync: LastSync, families: ReadonlySet<4 | 6>): number | undefined {
  const times = [...families].map((family) => sync[family]);
  return times.every((time) => time !== undefined) ? Math.min(...times) : undefined;
}
