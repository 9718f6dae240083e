package leat.ml.featurestore;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import leat.core.contract.ContractName;
import leat.core.yaml.NearestName;

/// Whether what is registered needs a version of a view that is to be dropped.
final class DroppedUse {

    private DroppedUse() {}

    /// The version, which nothing needs.
    ///
    /// @param version `NAME.vN`
    /// @throws ViewRefused when it is not known, serves, or is what another version is made of that
    ///   serves or may do so one day
    static RegisteredView demandUnused(String version, RegisteredViews registered) {
        RegisteredView known = registered.versions().get(version);
        if (known == null) {
            throw new ViewRefused(
                    "no version " + version + " of a feature view is registered",
                    registered.versions().isEmpty()
                            ? "nothing has to be dropped"
                            : NearestName.remedy(
                                    version, new TreeSet<>(registered.versions().keySet())));
        }
        if (isServing(known, registered)) {
            throw new ViewRefused(
                    version + " is the version that serves",
                    "count the view's version up, and drop this one when the new one has taken over");
        }
        for (RegisteredView other : registered.versions().values()) {
            if (other.dropped().isEmpty() && isNeeded(other, registered)) {
                refuseSource(version, other, registered);
            }
        }
        return known;
    }

    private static void refuseSource(
            String version, RegisteredView needed, RegisteredViews registered) {
        Optional<RegisteredView> source = Optional.of(needed);
        while (source.isPresent()) {
            if (source.get().source().equals(version)) {
                throw new ViewRefused(
                        needed.name() + " is made of " + version,
                        "count that view's version up too, or drop "
                                + needed.name()
                                + " first where it is not needed any more");
            }
            source = Optional.ofNullable(registered.versions().get(source.get().source()));
        }
    }

    /// Whether it serves or can still take over.
    private static boolean isNeeded(RegisteredView version, RegisteredViews registered) {
        OptionalInt serving = serving(version, registered);
        return serving.isEmpty() || number(version.name()) >= serving.getAsInt();
    }

    private static boolean isServing(RegisteredView version, RegisteredViews registered) {
        OptionalInt serving = serving(version, registered);
        return serving.isPresent() && number(version.name()) == serving.getAsInt();
    }

    private static OptionalInt serving(RegisteredView version, RegisteredViews registered) {
        return registered
                .serving(view(version.name()))
                .map(history -> OptionalInt.of(history.current().version()))
                .orElse(OptionalInt.empty());
    }

    /// Whether it is among the versions that are known to have served.
    static boolean hasServed(String version, RegisteredViews registered) {
        return registered
                .serving(view(version))
                .map(ServingHistory::terms)
                .orElse(List.of())
                .stream()
                .anyMatch(term -> term.version() == number(version));
    }

    private static ContractName view(String version) {
        return new ContractName(version.substring(0, version.lastIndexOf(".v")));
    }

    private static int number(String version) {
        return Integer.parseInt(version.substring(version.lastIndexOf(".v") + 2));
    }
}
