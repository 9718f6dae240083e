package leat.bench;

/// One measured figure beside its limit: what `leat bench` prints as one JSON line.
///
/// @param metric a fixed name, e.g. `collector-batch`
/// @param value the median of the rounds
/// @param unit of value and limit, e.g. `events/s` or `ms`
/// @param limit what the figure is held against: a peer's median of the same rounds, or a stated
///   bar
/// @param ratio `value / limit`
/// @param cpuSecondsPerMillion CPU time of this process for a million events, the subject's rounds
///   only; 0 where it was not taken
/// @param limitCpuSecondsPerMillion the same of the peer; 0 where the limit is a stated bar
/// @param limitName which peer or setting gave the limit
/// @param rounds how many rounds the medians are of
/// @param roles what ran in the process while it was measured
public record Metric(
        String metric,
        double value,
        String unit,
        double limit,
        double ratio,
        double cpuSecondsPerMillion,
        double limitCpuSecondsPerMillion,
        String limitName,
        int rounds,
        String roles) {

    /// Cuts what nobody can measure.
    public Metric {
        value = rounded(value, 10);
        limit = rounded(limit, 10);
        ratio = rounded(ratio, 1_000);
        cpuSecondsPerMillion = rounded(cpuSecondsPerMillion, 100);
        limitCpuSecondsPerMillion = rounded(limitCpuSecondsPerMillion, 100);
    }

    /// A figure against a stated bar, in milliseconds.
    static Metric millis(String metric, double value, double bar, int rounds, String roles) {
        return new Metric(
                metric, value, "ms", bar, value / bar, 0, 0, "the stated bar", rounds, roles);
    }

    /// The same figure against a stated bar.
    Metric against(String name, double bar) {
        return new Metric(
                name,
                value,
                unit,
                bar,
                value / bar,
                cpuSecondsPerMillion,
                0,
                "the stated bar",
                rounds,
                roles);
    }

    private static double rounded(double value, int parts) {
        return Math.rint(value * parts) / parts;
    }
}
