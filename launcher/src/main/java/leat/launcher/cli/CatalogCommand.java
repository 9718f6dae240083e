package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.catalog.CatalogEntry;
import leat.core.catalog.CatalogQuery;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat catalog`: what the workspace defines. Nothing has to run for it.
@Command(
        name = "catalog",
        description =
                "Search contracts, feature views and feature sets, with what comes from what. Nothing"
                        + " has to run.",
        mixinStandardHelpOptions = true)
final class CatalogCommand implements Runnable {

    private static final String NONE = "";
    private static final int SHOWN = 2;

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
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
            description = "Only of this kind: contract, view or set.")
    private @Nullable String kind;

    @Override
    public void run() {
        if (kind != null && !CatalogEntry.KINDS.contains(kind)) {
            throw new UserError(
                    "there is no kind '" + kind + "'",
                    NearestName.remedy(kind, CatalogEntry.KINDS));
        }
        Workspace opened = workspace.open();
        List<CatalogEntry> found =
                opened.catalog()
                        .search(
                                new CatalogQuery(
                                        String.join(" ", words),
                                        Optional.ofNullable(tag),
                                        Optional.ofNullable(owner),
                                        Optional.ofNullable(entity),
                                        Optional.ofNullable(kind)));
        if (output.json()) {
            output.printJson(Map.of("entries", found));
        } else {
            print(found);
        }
    }

    private void print(List<CatalogEntry> found) {
        TextTable table = new TextTable("KIND", "NAME", "TYPE", "FROM", "USED BY", "DESCRIPTION");
        for (CatalogEntry entry : found) {
            addEntry(entry, table);
            if (!words.isEmpty()) {
                addParts(entry, table);
                addRules(entry, table);
            }
        }
        table.lines(ProgressLine.tableWidth()).forEach(output::println);
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
                            NONE,
                            of.description());
            case CatalogEntry.OfSet of ->
                    table.row(
                            of.kind(),
                            name(of),
                            of.entity().orElse(NONE),
                            some(of.views()),
                            NONE,
                            of.description());
        }
    }

    private static void addParts(CatalogEntry entry, TextTable table) {
        switch (entry) {
            case CatalogEntry.OfContract of ->
                    of.fields()
                            .forEach(field ->
                                    table.row(cells(of, field, field.from(), field.features())));
            case CatalogEntry.OfView of ->
                    of.features()
                            .forEach(feature ->
                                    table.row(
                                            cells(of, feature, feature.reads(), usedBy(feature))));
            case CatalogEntry.OfSet of ->
                    of.features()
                            .forEach(feature ->
                                    table.row(
                                            cells(
                                                    of,
                                                    feature,
                                                    List.of(feature.from()),
                                                    List.of())));
        }
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

    private static List<String> usedBy(CatalogEntry.Feature feature) {
        return Stream.concat(feature.sets().stream(), feature.features().stream()).toList();
    }

    private static List<String> cells(
            CatalogEntry of, CatalogEntry.Part part, List<String> from, List<String> usedBy) {
        return List.of(
                part instanceof CatalogEntry.Field ? "field" : "feature",
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
            case CatalogEntry.OfSet of -> of.name();
        };
    }
}
