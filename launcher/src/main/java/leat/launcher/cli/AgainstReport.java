package leat.launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.evolution.Change;
import leat.core.evolution.Compatibility;
import leat.core.evolution.Succession;
import leat.core.odcs.OdcsPlaces;
import leat.core.yaml.Problem;
import leat.launcher.config.Workspace;

/// A workspace's contracts held against earlier versions of them: one entry a contract.
final class AgainstReport {

    private final Workspace workspace;
    private final List<Contract> earlier;

    AgainstReport(Workspace workspace, List<Contract> earlier) {
        this.workspace = workspace;
        this.earlier = List.copyOf(earlier);
    }

    /// One contract, for `--json`.
    ///
    /// @param against the earlier version; absent for a contract that is new
    /// @param verdict `same`, `allowed`, `refused` or, where there is nothing earlier, `new`
    /// @param compatibility `full`, `backward`, `forward` or `breaking`; absent for a new contract
    /// @param objection why it is refused; else absent
    record Entry(
            String contract,
            String version,
            Optional<String> against,
            String verdict,
            Optional<String> compatibility,
            List<Line> changes,
            Optional<String> objection,
            Optional<String> remedy,
            String file) {}

    /// One change, with its place in the later file.
    record Line(String file, int line, String where, String what, String compatibility) {

        @Override
        public String toString() {
            return file + ":" + line + ": " + where + ": " + what + " (" + compatibility + ")";
        }
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Contract contract : workspace.contracts().all()) {
            entries.add(
                    predecessor(contract)
                            .map(before -> compared(before, contract))
                            .orElseGet(() -> fresh(contract)));
        }
        return entries;
    }

    /// Earlier contracts that the workspace does not have in any version of their major number.
    List<String> missing() {
        return earlier.stream()
                .filter(before ->
                        workspace.contracts().all().stream()
                                .noneMatch(now -> now.nameAndMajor().equals(before.nameAndMajor())))
                .map(Contract::nameAndMajor)
                .distinct()
                .toList();
    }

    /// The newest of the same major version, else of those below.
    private Optional<Contract> predecessor(Contract contract) {
        return earlier.stream()
                .filter(before -> before.name().equals(contract.name()))
                .filter(before -> before.version().major() <= contract.version().major())
                .max(Comparator.comparing(Contract::version));
    }

    private Entry compared(Contract before, Contract contract) {
        Succession succession = Succession.of(before, contract);
        List<Change> changes = succession.comparison().changes();
        Compatibility compatibility = succession.comparison().compatibility();
        String verdict =
                succession.objection().isPresent()
                        ? "refused"
                        : succession.unchanged() ? "same" : "allowed";
        OdcsPlaces places = OdcsPlaces.of(contract.file(), text(contract.file()));
        return new Entry(
                contract.name().value(),
                contract.version().toString(),
                Optional.of(before.version().toString()),
                verdict,
                Optional.of(compatibility.word()),
                changes.stream().map(change -> line(places, change)).toList(),
                succession.objection().map(Succession.Objection::message),
                succession.objection().map(Succession.Objection::remedy),
                shown(contract.file()));
    }

    private Entry fresh(Contract contract) {
        return new Entry(
                contract.name().value(),
                contract.version().toString(),
                Optional.empty(),
                "new",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                shown(contract.file()));
    }

    private static Line line(OdcsPlaces places, Change change) {
        Problem problem =
                new Problem(places.of(change.where()), change.where(), change.what(), "")
                        .from(Path.of(""));
        return new Line(
                problem.location().file().toString(),
                problem.location().line(),
                change.where(),
                change.what(),
                change.compatibility().word());
    }

    private String shown(Path file) {
        return workspace.folder().relativize(file.toAbsolutePath().normalize()).toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " again", e);
        }
    }

    /// The entry as lines for people.
    static List<String> lines(Entry entry) {
        List<String> lines = new ArrayList<>();
        lines.add(
                entry.contract()
                        + " "
                        + entry.version()
                        + entry.against().map(version -> " against " + version).orElse("")
                        + ": "
                        + entry.verdict()
                        + entry.compatibility().map(word -> ", " + word).orElse(""));
        entry.changes().forEach(change -> lines.add("  " + change));
        entry.objection().ifPresent(objection -> lines.add("  " + sentence(objection)));
        entry.remedy().ifPresent(remedy -> lines.add("  " + sentence(remedy)));
        return lines;
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }
}
