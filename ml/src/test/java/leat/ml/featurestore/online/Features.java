package leat.ml.featurestore.online;

import java.util.List;

/// Features of views that nothing depends on but their names.
final class Features {

    private Features() {}

    static List<OnlineFeature> numbers(List<String> names) {
        return names.stream()
                .map(name -> new OnlineFeature(name, OnlineFeature.Kind.NUMBER))
                .toList();
    }

    static List<OnlineFeature> numbers(String... names) {
        return numbers(List.of(names));
    }
}
