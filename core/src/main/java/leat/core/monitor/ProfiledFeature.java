package leat.core.monitor;

/// A feature, or a score, that is profiled.
public record ProfiledFeature(String name, Kind kind) {

    /// What the values are, and so how they are told apart.
    public enum Kind {
        /// By intervals. `true` is 1 and `false` 0.
        NUMBER,
        /// By what they are.
        CATEGORY
    }

    public static ProfiledFeature number(String name) {
        return new ProfiledFeature(name, Kind.NUMBER);
    }

    public static ProfiledFeature category(String name) {
        return new ProfiledFeature(name, Kind.CATEGORY);
    }
}
