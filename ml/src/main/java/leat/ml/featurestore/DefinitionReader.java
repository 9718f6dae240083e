package leat.ml.featurestore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.feature.ViewSource;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;

/// Makes versions of views again from what is registered of them.
///
/// @param contracts those that views may see, also the ones that only earlier versions do
public record DefinitionReader(List<Contract> contracts) {

    public DefinitionReader {
        contracts = List.copyOf(contracts);
    }

    /// The version as it ran.
    ///
    /// @param all what is registered, the views that it may read among it
    /// @throws ViewRefused when it cannot be made again
    public FeatureFlow flow(RegisteredView registered, RegisteredViews all) {
        if (registered.definition().isEmpty()) {
            throw refused(registered, "an older program registered it without its definition");
        }
        FeatureFlow flow = flow(registered, source(registered, all));
        if (!flow.fingerprint().equals(registered.fingerprint())) {
            throw refused(registered, "it means something else now than when it was registered");
        }
        return flow;
    }

    private ViewSource source(RegisteredView registered, RegisteredViews all) {
        Optional<Contract> contract =
                contracts.stream()
                        .filter(known -> known.nameAndMajor().equals(registered.source()))
                        .findFirst();
        if (contract.isPresent()) {
            return new ViewSource.Events(contract.get());
        }
        RegisteredView view = all.versions().get(registered.source());
        if (view == null) {
            throw refused(
                    registered, "the contract or view " + registered.source() + " is not known");
        }
        return new ViewSource.Vectors(flow(view, all).compiled());
    }

    /// Its source may be named without a version: then it is the one that it was.
    private FeatureFlow flow(RegisteredView registered, ViewSource source) {
        List<Contract> seen = new ArrayList<>();
        contracts.stream()
                .filter(contract -> !contract.name().equals(source.contract().name()))
                .forEach(seen::add);
        List<CompiledView> views = new ArrayList<>();
        switch (source) {
            case ViewSource.Events(Contract contract) -> seen.add(contract);
            case ViewSource.Vectors(CompiledView view) -> views.add(view);
        }
        String name = registered.name();
        Path file =
                Path.of(name, FeatureViewReader.fileName(name.substring(0, name.lastIndexOf('.'))));
        return switch (FeatureViewReader.read(
                file, registered.definition(), new Contracts(seen), views)) {
            case Checked.Sound<CompiledView>(CompiledView view) -> new FeatureFlow(view);
            case Checked.Faulty<CompiledView>(List<Problem> faults) ->
                    throw refused(
                            registered,
                            faults.stream()
                                    .map(Problem::toString)
                                    .collect(Collectors.joining("; ")));
        };
    }

    private static ViewRefused refused(RegisteredView registered, String why) {
        return new ViewRefused(
                "the version " + registered.name() + " cannot be computed any more: " + why,
                "wait until the workspace's version has taken over; what was computed stays in its"
                        + " topics, and a console that starts until then answers with the"
                        + " workspace's version, as far as it is filled");
    }
}
