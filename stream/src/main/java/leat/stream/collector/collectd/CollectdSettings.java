package leat.stream.collector.collectd;

import leat.core.config.Setting;

import java.util.Optional;

/// Which contract the values of collectd are events of.
public record CollectdSettings(
        @Setting(
                        description =
                                "The contract of the values that come to `/v1/collectd`:"
                                        + " `metric-point`. Absent: none are taken")
                Optional<String> metrics) {

    /// Takes nothing.
    public static final CollectdSettings OFF = new CollectdSettings(Optional.empty());
}
