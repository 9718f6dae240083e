package leat.core.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.evolution.Succession;
import leat.core.evolution.Succession.Objection;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;

/// The command to register a contract as a workspace has it.
///
/// @param odcs the text of its file
/// @param schemas what it is to be published with
public record Registration(Contract contract, String odcs, List<SchemaText> schemas) {

    public Registration {
        schemas = List.copyOf(schemas);
    }

    /// What becomes of the command.
    public sealed interface Decision {

        /// The registry has it as it is.
        record Keep() implements Decision {}

        /// The registry takes this event: a version that is new, or new words about one that is
        /// there.
        ///
        /// @param succession what changed since the version before; empty for a first one
        record Register(RegisteredVersion event, Optional<Succession> succession)
                implements Decision {}

        /// The version may not follow the registered one.
        ///
        /// @param succession what changed; empty where that cannot be told
        record Refuse(Objection objection, Optional<Succession> succession) implements Decision {}
    }

    /// Decides against the newest registered version of the same major version.
    public Decision decide(ContractRegistry registry, Instant now) {
        Optional<RegisteredVersion> newest = registry.newest(contract.nameAndMajor());
        if (newest.isEmpty()) {
            return register(registry, Optional.empty(), now, Optional.empty());
        }
        RegisteredVersion earlier = newest.get();
        if (earlier.version().equals(contract.version()) && earlier.odcs().equals(odcs)) {
            Decision.Register again = register(registry, newest, now, Optional.empty());
            return again.event().equals(earlier) ? new Decision.Keep() : again;
        }
        return switch (OdcsReader.readRegistered(contract.file(), earlier.odcs())) {
            case Checked.Faulty<Contract> faulty -> unreadable(earlier, faulty);
            case Checked.Sound<Contract>(Contract before) -> {
                Succession succession = Succession.of(before, contract);
                Optional<Objection> objection = succession.objection();
                yield objection.isPresent()
                        ? new Decision.Refuse(objection.get(), Optional.of(succession))
                        : register(
                                registry,
                                newest.filter(v -> v.version().equals(contract.version())),
                                now,
                                Optional.of(succession));
            }
        };
    }

    private static Decision.Refuse unreadable(
            RegisteredVersion earlier, Checked.Faulty<Contract> faulty) {
        return new Decision.Refuse(
                new Objection(
                        "the registered version "
                                + earlier.version()
                                + " cannot be read by this program, so nothing can be compared with"
                                + " it: "
                                + faulty.problems().getFirst().message(),
                        "raise the major version, or run the program that registered it"),
                Optional.empty());
    }

    /// @param same the version as it is registered already
    private Decision.Register register(
            ContractRegistry registry,
            Optional<RegisteredVersion> same,
            Instant now,
            Optional<Succession> succession) {
        List<RegisteredSchema> published =
                new ArrayList<>(same.map(RegisteredVersion::schemas).orElse(List.of()));
        int nextId = registry.nextId();
        for (SchemaText schema : schemas) {
            SortedMap<Integer, RegisteredSchema> subject =
                    new TreeMap<>(registry.subject(schema.subject()));
            published.stream()
                    .filter(s -> s.subject().equals(schema.subject()))
                    .forEach(s -> subject.put(s.number(), s));
            Optional<RegisteredSchema> there =
                    subject.values().stream().filter(s -> s.schema().equals(schema)).findFirst();
            if (there.isPresent()) {
                if (!published.contains(there.get())) {
                    published.add(there.get());
                }
                continue;
            }
            Optional<Integer> known =
                    registry.id(schema.type(), schema.text()).or(() -> idIn(published, schema));
            int id = known.orElse(nextId);
            nextId = known.isPresent() ? nextId : nextId + 1;
            int number = subject.isEmpty() ? 1 : subject.lastKey() + 1;
            published.add(new RegisteredSchema(id, number, schema));
        }
        return new Decision.Register(
                new RegisteredVersion(
                        contract.name(),
                        contract.version(),
                        contract.lifecycle().status().word(),
                        odcs,
                        same.map(RegisteredVersion::registered).orElse(now),
                        published),
                succession);
    }

    private static Optional<Integer> idIn(List<RegisteredSchema> published, SchemaText schema) {
        return published.stream()
                .filter(s ->
                        s.schema().type() == schema.type()
                                && s.schema().text().equals(schema.text()))
                .map(RegisteredSchema::id)
                .findFirst();
    }
}
