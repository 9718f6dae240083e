package leat.launcher.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leat.core.contract.Field;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSet.Member;
import leat.core.feature.NamedSets;
import leat.core.feature.NamedViews;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.stream.sql.HistoryRequest.Column;
import leat.stream.sql.HistoryRequest.ViewFeatures;

/// Finds the views, sets and features that a command line names.
record FeatureChoice(Collection<CompiledView> known) {

    /// The views in the order in which they are named, each once, with the features in the order of
    /// the view.
    ///
    /// @param views `NAME` or `NAME.vN`
    /// @param features `NAME`, of every view that has it, or `VIEW:NAME`; all where there is none
    /// @throws UserError when there is no such view or feature, or a view is left with none
    List<ViewFeatures> choose(List<String> views, List<String> features) {
        Map<CompiledView, Set<String>> chosen = new LinkedHashMap<>();
        for (String name : views) {
            chosen.put(view(name), new LinkedHashSet<>());
        }
        for (String feature : features) {
            add(feature, chosen);
        }
        List<ViewFeatures> result = new ArrayList<>();
        chosen.forEach((view, wanted) -> {
            if (wanted.isEmpty() && !features.isEmpty()) {
                throw new UserError(
                        "--features names no feature of " + view.view().name(),
                        "name one, or leave the view out");
            }
            result.add(
                    new ViewFeatures(
                            view.contract(),
                            view.view().ttl(),
                            names(view).stream()
                                    .filter(name -> features.isEmpty() || wanted.contains(name))
                                    .toList()));
        });
        return result;
    }

    /// What a set takes of its views for a training set: its features in its order and by its
    /// names, then the views' query times.
    ///
    /// @throws UserError when there is no such set
    SetColumns choose(String name, NamedSets sets) {
        FeatureSet set =
                sets.find(name)
                        .orElseThrow(() ->
                                new UserError(
                                        "there is no feature set '" + name + "'",
                                        sets.remedy(name)));
        List<ViewFeatures> views = new ArrayList<>();
        for (String called : set.views()) {
            CompiledView view = view(called);
            views.add(
                    new ViewFeatures(
                            view.contract(),
                            view.view().ttl(),
                            set.members().stream()
                                    .filter(member -> member.view().equals(called))
                                    .map(Member::feature)
                                    .distinct()
                                    .toList()));
        }
        List<Column> columns = new ArrayList<>();
        for (Member member : set.members()) {
            columns.add(
                    new Column(
                            set.views().indexOf(member.view()), member.feature(), member.name()));
        }
        for (ViewFeatures view : views) {
            columns.add(
                    new Column(
                            views.indexOf(view),
                            CompiledView.QUERY_TIME,
                            view.column(CompiledView.QUERY_TIME)));
        }
        return new SetColumns(views, columns);
    }

    /// What a training set has of the views of a set.
    record SetColumns(List<ViewFeatures> views, List<Column> columns) {}

    /// The view of that name.
    ///
    /// @param name `NAME` or `NAME.vN`
    /// @throws UserError when there is none
    CompiledView view(String name) {
        NamedViews views = new NamedViews(List.copyOf(known));
        return views.find(name)
                .orElseThrow(() ->
                        new UserError(
                                "there is no feature view '" + name + "'", views.remedy(name)));
    }

    private void add(String feature, Map<CompiledView, Set<String>> chosen) {
        int colon = feature.indexOf(':');
        String name = feature.substring(colon + 1);
        List<CompiledView> of =
                colon < 0
                        ? List.copyOf(chosen.keySet())
                        : List.of(view(feature.substring(0, colon)));
        Set<String> candidates = new LinkedHashSet<>();
        boolean found = false;
        for (CompiledView view : of) {
            Set<String> wanted = chosen.get(view);
            if (wanted == null) {
                throw new UserError(
                        "--features names '" + feature + "', but --views no " + view.view().name(),
                        "add the view to --views");
            }
            candidates.addAll(names(view));
            if (names(view).contains(name)) {
                wanted.add(name);
                found = true;
            }
        }
        if (!found) {
            throw new UserError(
                    "there is no feature '"
                            + name
                            + "' in "
                            + String.join(
                                    ", ", of.stream().map(v -> v.view().name().value()).toList()),
                    NearestName.remedy(name, candidates));
        }
    }

    private static List<String> names(CompiledView view) {
        return view.fields().stream().map(Field::name).toList();
    }
}
