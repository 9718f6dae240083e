package leat.core.contract;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a quality rule counts among the events of a window.
public sealed interface Measure {

    /// Whether one event alone can break a rule of this kind, so that it can be quarantined.
    default boolean judgesSingleEvents() {
        return true;
    }

    /// Events whose field is absent or null.
    record NullValues(FieldPath field) implements Measure {}

    /// Events whose field has one of the values that stand for nothing.
    ///
    /// @param values of the field's value class
    /// @param absent whether an absent or null field counts too
    record MissingValues(FieldPath field, Set<Object> values, boolean absent) implements Measure {
        public MissingValues {
            values = Set.copyOf(values);
        }
    }

    /// Events whose field has a value that is not among the valid ones, or whose text the pattern
    /// does not match. An absent field is not invalid.
    ///
    /// @param valid of the field's value class; empty when any value is valid
    record InvalidValues(FieldPath field, Set<Object> valid, Optional<Pattern> pattern)
            implements Measure {
        public InvalidValues {
            valid = Set.copyOf(valid);
        }
    }

    /// Events whose number lies outside of the bounds. An absent field does not.
    record OutOfRange(FieldPath field, Range<Double> range) implements Measure {}

    /// Events for which a CEL expression is false, or has no value.
    record Breaches(String condition) implements Measure {}

    /// Events that were appended later after their event time than the bound.
    record LateEvents(Duration bound) implements Measure {}

    /// Events whose fields together have values that an event of the same window has too, beyond
    /// the first of each. An event without one of the fields does not count.
    record DuplicateValues(List<FieldPath> fields) implements Measure {
        public DuplicateValues {
            fields = List.copyOf(fields);
        }

        @Override
        public boolean judgesSingleEvents() {
            return false;
        }
    }

    /// All events.
    record RowCount() implements Measure {
        @Override
        public boolean judgesSingleEvents() {
            return false;
        }
    }

    /// How many seconds the newest event time of a window lies before the window's end.
    record Freshness() implements Measure {
        @Override
        public boolean judgesSingleEvents() {
            return false;
        }
    }

    /// Enriched events for which a CEL expression is true.
    record Matches(String condition) implements Measure {
        @Override
        public boolean judgesSingleEvents() {
            return false;
        }
    }

    /// Dead letters of the collector and the enricher for which a CEL expression is true.
    record DeadMatches(String condition) implements Measure {
        @Override
        public boolean judgesSingleEvents() {
            return false;
        }
    }
}
