package leat.core.odcs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.TableOwners;
import leat.core.enrich.Enrichment;
import leat.core.quality.RuleTest;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlReader;

/// Reads contracts from files in the Open Data Contract Standard 3.1.
public final class OdcsReader {

    /// What a contract file's name ends with.
    public static final String SUFFIX = ".odcs.yaml";

    private OdcsReader() {}

    /// Reads one contract, or says everything that is wrong with the file.
    public static Checked<Contract> read(Path file) {
        Problems problems = new Problems();
        return checked(
                YamlReader.read(file, problems)
                        .flatMap(node -> contract(file, node, false, problems)),
                problems);
    }

    /// Reads a contract from text as if it stood in `file`.
    public static Checked<Contract> read(Path file, String text) {
        return read(file, text, false);
    }

    /// Reads the text of a registered version. The schemas that its `leat.encoding` names are not
    /// looked for: they lay beside the contract and may be others by now.
    public static Checked<Contract> readRegistered(Path file, String text) {
        return read(file, text, true);
    }

    private static Checked<Contract> read(Path file, String text, boolean alone) {
        Problems problems = new Problems();
        return checked(
                YamlReader.read(file, text, problems)
                        .flatMap(node -> contract(file, node, alone, problems)),
                problems);
    }

    /// Reads every `*.odcs.yaml` of a folder, or says everything that is wrong with any of them. A
    /// folder that is not there holds no contract.
    public static Checked<Contracts> readFolder(Path folder) {
        Problems problems = new Problems();
        List<Contract> contracts = new ArrayList<>();
        for (Path file : YamlReader.files(folder, SUFFIX)) {
            switch (read(file)) {
                case Checked.Sound<Contract>(Contract contract) -> contracts.add(contract);
                case Checked.Faulty<Contract> faulty -> problems.addAll(faulty.problems());
            }
        }
        collisions(contracts, problems);
        if (problems.isEmpty()) {
            LookupChecks.check(contracts, problems);
        }
        return checked(Optional.of(new Contracts(contracts)), problems);
    }

    private static void collisions(List<Contract> contracts, Problems problems) {
        TableOwners owners = new TableOwners();
        for (Contract contract : contracts) {
            owners.claim(contract)
                    .ifPresent(taken ->
                            problems.add(
                                    Location.startOf(contract.file()),
                                    "name",
                                    "the table "
                                            + taken.table()
                                            + " belongs to "
                                            + taken.owner().file().getFileName()
                                            + " already",
                                    "rename one of the two contracts"));
        }
    }

    private static <T> Checked<T> checked(Optional<T> value, Problems problems) {
        return value.isPresent() && problems.isEmpty()
                ? new Checked.Sound<>(value.get())
                : new Checked.Faulty<>(problems.list());
    }

    private static Optional<Contract> contract(
            Path file, YamlNode node, boolean alone, Problems problems) {
        Optional<Contract> contract =
                Keys.of(node, "", problems)
                        .flatMap(keys -> new ContractReader(file, keys, alone).read());
        contract.ifPresent(sound -> {
            Enrichment.compile(sound, problems);
            RuleTest.compile(sound, problems);
        });
        return contract;
    }
}
