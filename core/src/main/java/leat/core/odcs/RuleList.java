package leat.core.odcs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.QualityRule;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;

/// The rules of one contract or feature view while they are read; no two have the same id.
final class RuleList {

    /// The most rules of a contract, alerts included.
    static final int MAX_RULES = 200;

    private final List<QualityRule> rules = new ArrayList<>();
    private final Map<String, Location> ids = new HashMap<>();

    /// Adds a rule; one whose id is taken is a problem.
    ///
    /// @param entry where the rule was read
    void keep(Keys entry, QualityRule rule) {
        Location earlier = ids.putIfAbsent(rule.id(), rule.location());
        if (earlier != null) {
            entry.complain(
                    "name",
                    "'" + rule.name() + "' is also the name of the rule in line " + earlier.line(),
                    "give the rules names that differ in letters and digits");
            return;
        }
        rules.add(rule);
    }

    List<QualityRule> rules() {
        return List.copyOf(rules);
    }

    boolean isTooLong() {
        return rules.size() > MAX_RULES;
    }
}
