package leat.stream.collector.collectd;

import java.util.Optional;
import leat.core.config.Setting;

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
