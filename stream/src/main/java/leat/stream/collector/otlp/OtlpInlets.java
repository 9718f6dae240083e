package leat.stream.collector.otlp;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import leat.core.yaml.NearestName;
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
    /// @throws OtlpContractMissing when a contract is not there
    public static OtlpInlets of(OtlpSettings settings, Inlets inlets) {
        Map<OtlpSignal, Inlet> bySignal = new EnumMap<>(OtlpSignal.class);
        for (OtlpSignal signal : OtlpSignal.values()) {
            settings.contract(signal)
                    .ifPresent(name -> bySignal.put(signal, inlet(signal, name, inlets)));
        }
        return new OtlpInlets(bySignal);
    }

    private static Inlet inlet(OtlpSignal signal, String name, Inlets inlets) {
        return inlets.find(name)
                .orElseThrow(() ->
                        new OtlpContractMissing(
                                "collector.otlp."
                                        + signal.word()
                                        + ": there is no contract '"
                                        + name
                                        + "'",
                                NearestName.remedy(name, inlets.names())));
    }

    /// The inlet of a signal; empty where it is not taken.
    public Optional<Inlet> find(OtlpSignal signal) {
        return Optional.ofNullable(bySignal.get(signal));
    }
}
