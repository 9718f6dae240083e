package leat.core.tracking.search;

import java.util.List;

/// Conditions that all have to hold; none of an empty filter.
public record Filter(List<Condition> conditions) {

    static final Filter ALL = new Filter(List.of());

    public Filter {
        conditions = List.copyOf(conditions);
    }

    boolean holds(Row row) {
        return conditions.stream().allMatch(condition -> condition.holds(row));
    }
}
