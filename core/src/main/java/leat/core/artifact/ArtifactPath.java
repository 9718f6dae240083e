package leat.core.artifact;

import java.util.ArrayList;
import java.util.List;
import leat.core.tracking.TrackingRefused;

/// The path of a file or a folder: names between slashes, e.g. `0/RUN/artifacts/model.onnx`.
public record ArtifactPath(String text) implements Comparable<ArtifactPath> {

    /// @throws TrackingRefused when it is none
    public ArtifactPath {
        if (text.codePointCount(0, text.length()) > ArtifactLimits.PATH_CHARACTERS) {
            throw invalid(
                    text.substring(0, 100) + "…",
                    "it has more than " + ArtifactLimits.PATH_CHARACTERS + " characters");
        }
        for (String name : text.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw invalid(text, "its names must not be empty, '.' or '..'");
            }
        }
        if (text.indexOf('\\') >= 0 || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(text, "it must have no backslash and no control character");
        }
    }

    private static TrackingRefused invalid(String text, String why) {
        return TrackingRefused.invalid("Invalid path '" + text + "': " + why);
    }

    /// With slashes at its ends, and more than one between names, left away.
    ///
    /// @throws TrackingRefused when it is none
    public static ArtifactPath of(String text) {
        return new ArtifactPath(text.replaceAll("/{2,}", "/").replaceAll("^/|/$", ""));
    }

    /// A path below this one.
    ///
    /// @param path empty for this one itself
    public ArtifactPath resolve(String path) {
        return path.isEmpty() ? this : of(text + "/" + path);
    }

    /// What every path below this one begins with.
    String prefix() {
        return text + "/";
    }

    /// The folders that it is in, the outermost first.
    public List<String> folders() {
        List<String> folders = new ArrayList<>();
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
            folders.add(text.substring(0, slash));
        }
        return folders;
    }

    /// The path below a folder.
    public String below(ArtifactPath folder) {
        if (!text.startsWith(folder.prefix())) {
            throw new IllegalArgumentException(text + " is not below " + folder.text);
        }
        return text.substring(folder.prefix().length());
    }

    @Override
    public int compareTo(ArtifactPath other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
