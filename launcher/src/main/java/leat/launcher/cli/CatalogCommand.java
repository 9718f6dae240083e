package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.catalog.CatalogAnswer;
import leat.core.catalog.CatalogEntry;
import leat.core.catalog.CatalogPart;
import leat.core.catalog.CatalogQuery;
import leat.core.catalog.Knowledge;
import leat.core.catalog.KnownModel;
import leat.core.catalog.TrainingSet;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLake;
import leat.launcher.config.Workspace;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeUnavailable;
import leat.stream.lake.TrainingTables;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat catalog`: what the workspace defines. Nothing has to run for it, but Kafka where
/// registered models are asked for, and what the lake's catalogue is in where training sets are.
@Command(
        name = "catalog",
        description =
                "Search contracts, feature views and sets, trainings, models and scorings, with"
                        + " what comes from what. Nothing has to run.",
        mixinStandardHelpOptions = true)
final class CatalogCommand implements Runnable {

    private static final String NONE = "";
    private static final int SHOWN = 2;

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description =
                    "Words that must all be in the texts of a definition or of one of its fields or"
                            + " features. Default: everything, without fields and features.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "TAG", description = "Only with this tag.")
    private @Nullable String tag;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Only of this owner.")
    private @Nullable String owner;

    @Option(names = "--entity", paramLabel = "ENTITY", description = "Only of this entity.")
    private @Nullable String entity;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only of this kind: contract, view, set, training, model or scoring.")
    private @Nullable String kind;

    @Option(
            names = "--registered",
            description =
                    "With what the registry knows of models: their versions, and those that no file"
                            + " names. The log has to run.")
    private boolean registered;

    @Option(
            names = "--lake",
            description =
                    "With the training sets that are tables of the lake, at the views and sets that"
                            + " they were made of. The lake's catalogue has to answer.")
    private boolean lake;

    @Override
    public void run() {
        if (kind != null && !CatalogEntry.KINDS.contains(kind)) {
            throw new UserError(
                    "there is no kind '" + kind + "'",
                    NearestName.remedy(kind, CatalogEntry.KINDS));
        }
        Workspace opened = workspace.open();
        Knowledge knowledge = knowledge(opened);
        List<CatalogEntry> found =
                opened.catalog()
                        .with(knowledge)
                        .search(
                                new CatalogQuery(
                                        String.join(" ", words),
                                        Optional.ofNullable(tag),
                                        Optional.ofNullable(owner),
                                        Optional.ofNullable(entity),
                                        Optional.ofNullable(kind)));
        if (output.json()) {
            output.printJson(CatalogAnswer.of(knowledge, found));
        } else {
            print(found);
        }
    }

    private Knowledge knowledge(Workspace opened) {
        Knowledge knowledge =
                registered
                        ? Knowledge.NONE.withModels(
                                ModelsAnswer.of(
                                        opened,
                                        ports.offset(),
                                        models -> models.registry().read(KnownModel::all)))
                        : Knowledge.NONE;
        return lake ? knowledge.withTrainingSets(trainingSets(opened)) : knowledge;
    }

    private static List<TrainingSet> trainingSets(Workspace opened) {
        try (LakeCatalog catalog = WorkspaceLake.open(opened)) {
            return new TrainingTables(catalog).all();
        } catch (LakeUnavailable e) {
            throw WorkspaceLake.unavailable(opened, e);
        }
    }

    private void print(List<CatalogEntry> found) {
        TextTable table = new TextTable("KIND", "NAME", "TYPE", "FROM", "USED BY", "DESCRIPTION");
        for (CatalogEntry entry : found) {
            addEntry(entry, table);
            if (!words.isEmpty()) {
                addParts(entry, table);
                addRules(entry, table);
                addTrainingSets(entry, table);
            }
        }
        output.print(table);
    }

    private static void addEntry(CatalogEntry entry, TextTable table) {
        switch (entry) {
            case CatalogEntry.OfContract of ->
                    table.row(of.kind(), name(of), NONE, NONE, NONE, of.description());
            case CatalogEntry.OfView of ->
                    table.row(
                            of.kind(),
                            name(of),
                            of.entity().orElse(NONE),
                            of.source(),
                            some(of.readers().models()),
                            of.description());
            case CatalogEntry.OfSet of ->
                    table.row(
                            of.kind(),
                            name(of),
                            of.entity().orElse(NONE),
                            some(of.views()),
                            some(of.readers().models()),
                            of.description());
            case CatalogEntry.OfTraining of ->
                    table.row(
                            of.kind(),
                            name(of),
                            of.algorithm(),
                            of.set().orElse(of.view()),
                            of.model(),
                            of.description());
            case CatalogEntry.OfModel of ->
                    table.row(
                            of.kind(),
                            name(of),
                            of.entity().orElse(NONE),
                            some(of.views()),
                            some(both(of.scorings(), of.steps())),
                            of.description());
            case CatalogEntry.OfScoring of ->
                    table.row(
                            of.kind(),
                            name(of),
                            of.entity().orElse(NONE),
                            of.set().orElse(of.view()) + ", " + of.model() + "@" + of.champion(),
                            NONE,
                            of.description());
        }
    }

    private static void addParts(CatalogEntry entry, TextTable table) {
        for (CatalogPart part : entry.parts()) {
            switch (part) {
                case CatalogPart.Field field ->
                        table.row(
                                cells(
                                        "field",
                                        entry,
                                        part,
                                        field.from(),
                                        both(
                                                both(field.features(), field.lookedUpBy()),
                                                field.readers().models())));
                case CatalogPart.Feature feature ->
                        table.row(cells("feature", entry, part, from(feature), usedBy(feature)));
                case CatalogPart.Member member ->
                        table.row(
                                cells(
                                        "feature",
                                        entry,
                                        part,
                                        List.of(member.from()),
                                        member.readers().models()));
                case CatalogPart.Input input ->
                        table.row(cells("feature", entry, part, List.of(input.from()), List.of()));
                case CatalogPart.Predicted _ ->
                        table.row(cells("field", entry, part, List.of(), List.of()));
            }
        }
        if (entry instanceof CatalogEntry.OfModel model) {
            model.versions().forEach(version -> addVersion(model, version, table));
        }
    }

    private static void addVersion(
            CatalogEntry.OfModel model, CatalogEntry.Version version, TextTable table) {
        table.row(
                "version",
                model.name() + "/" + version.version(),
                NONE,
                some(Stream.concat(version.training().stream(), version.view().stream()).toList()),
                some(version.aliases().stream().map(alias -> "@" + alias).toList()),
                NONE);
    }

    /// What a view expects of the features that are shown, and of all vectors, as alerts name it.
    private static void addRules(CatalogEntry entry, TextTable table) {
        if (!(entry instanceof CatalogEntry.OfView view)) {
            return;
        }
        for (CatalogEntry.Rule rule : view.expectations()) {
            table.row(
                    "rule",
                    name(entry) + ":" + rule.name(),
                    rule.severity().orElse(NONE),
                    rule.feature().map(of -> name(entry) + ":" + of).orElseGet(() -> name(entry)),
                    NONE,
                    rule.says());
        }
    }

    /// The tables that were made of a view or a set.
    private static void addTrainingSets(CatalogEntry entry, TextTable table) {
        List<TrainingSet> sets =
                switch (entry) {
                    case CatalogEntry.OfView view -> view.trainingSets();
                    case CatalogEntry.OfSet set -> set.trainingSets();
                    case CatalogEntry.OfContract _,
                            CatalogEntry.OfTraining _,
                            CatalogEntry.OfModel _,
                            CatalogEntry.OfScoring _ ->
                            List.of();
                };
        for (TrainingSet set : sets) {
            table.row(
                    "table",
                    set.table(),
                    set.asOf().orElse(NONE),
                    some(Stream.concat(set.set().stream(), set.views().stream()).toList()),
                    NONE,
                    String.format(Locale.ROOT, "%,d rows, %s", set.rows(), set.made()));
        }
    }

    private static List<String> from(CatalogPart.Feature feature) {
        return both(
                feature.reads(),
                feature.lookUps().stream().map(CatalogPart.LookUp::toString).toList());
    }

    private static List<String> usedBy(CatalogPart.Feature feature) {
        return Stream.of(
                        feature.sets(),
                        feature.features(),
                        feature.lookedUpBy(),
                        feature.readers().models())
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> both(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static List<String> cells(
            String kind,
            CatalogEntry of,
            CatalogPart part,
            List<String> from,
            List<String> usedBy) {
        return List.of(
                kind,
                name(of) + ":" + part.name(),
                part.type(),
                some(from),
                some(usedBy),
                part.description());
    }

    /// The first names, and how many more there are.
    private static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() > SHOWN ? shown + " +" + (names.size() - SHOWN) : shown;
    }

    /// As in `VIEW:FEATURE`.
    private static String name(CatalogEntry entry) {
        return switch (entry) {
            case CatalogEntry.OfContract of ->
                    of.name() + ".v" + of.version().substring(0, of.version().indexOf('.'));
            case CatalogEntry.OfView of -> of.name() + ".v" + of.version();
            case CatalogEntry.OfScoring of -> of.contract();
            case CatalogEntry.OfSet _, CatalogEntry.OfTraining _, CatalogEntry.OfModel _ ->
                    entry.name();
        };
    }
}
