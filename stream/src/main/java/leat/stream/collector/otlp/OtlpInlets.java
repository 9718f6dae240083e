package leat.stream.collector.otlp;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import leat.stream.collector.Inlet;
import leat.stream.collector.Inlets;

/// Where the signals' events come in.
public final class OtlpInlets {

    private final Map<OtlpSignal, Inlet> bySignal;

    private OtlpInlets(Map<OtlpSignal, Inlet> bySignal) {
        this.bySignal = bySignal;
    }

    /// Finds the contracts that the settings name.
    ///
    /// @throws leat.stream.collector.NoSuchContract when a contract is not there
    public static OtlpInlets of(OtlpSettings settings, Inlets inlets) {
        Map<OtlpSignal, Inlet> bySignal = new EnumMap<>(OtlpSignal.class);
        for (OtlpSignal signal : OtlpSignal.values()) {
            settings.contract(signal)
                    .ifPresent(name ->
                            bySignal.put(
                                    signal,
                                    inlets.require("collector.otlp." + signal.word(), name)));
        }
        return new OtlpInlets(bySignal);
    }

    /// The inlet of a signal; empty where it is not taken.
    public Optional<Inlet> find(OtlpSignal signal) {
        return Optional.ofNullable(bySignal.get(signal));
    }
}
