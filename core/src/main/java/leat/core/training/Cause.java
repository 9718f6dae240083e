package leat.core.training;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.model.ModelVersion;

/// Why a model is trained, as the tags of its run and its version say it.
///
/// @param at what it is an answer to: a time, positions of the log, alerts; empty where somebody
///   gave a command
/// @param commit of the definition's repository, where it was trained from one
public record Cause(Kind kind, String at, Optional<String> commit) {

    /// The tag that says which kind it is.
    public static final String KIND_TAG = "leat.trigger";

    /// The tag that says what it is an answer to.
    public static final String AT_TAG = "leat.trigger-at";

    /// The tag with the commit, MLflow's own.
    public static final String COMMIT_TAG = ModelVersion.COMMIT_TAG;

    /// Somebody wants it.
    public static final Cause COMMAND = new Cause(Kind.COMMAND, "", Optional.empty());

    /// What can have a model trained.
    public enum Kind {
        COMMAND,
        /// Its definition has changed.
        MERGE,
        /// It is time for it.
        SCHEDULE,
        /// There is more to learn from.
        LABELS,
        /// What answers is old.
        AGE,
        /// An alert is open.
        DRIFT;

        /// `schedule`, as tags say it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A commit came to be built.
    public static Cause merge(String commit) {
        return new Cause(Kind.MERGE, "", Optional.of(commit));
    }

    /// One of the model's triggers.
    public static Cause trigger(Kind kind, String at) {
        return new Cause(kind, at, Optional.empty());
    }

    /// The tags that say it.
    public SortedMap<String, String> tags() {
        Map<String, String> tags = new TreeMap<>(Map.of(KIND_TAG, kind.word()));
        if (!at.isEmpty()) {
            tags.put(AT_TAG, at);
        }
        commit.ifPresent(id -> tags.put(COMMIT_TAG, id));
        return Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }
}
