package leat.core.odcs;

import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.Quality;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode;

/// Reads what a feature view expects of its vectors, `expect` of the view and of its entries, as
/// rules of the vectors' contract. What one expectation says is [ExpectReader]'s business.
public final class VectorRules {

    private static final String EXPECT = "expect";

    private final List<Field> vectors;
    private final RuleList rules = new RuleList();

    /// @param vectors the fields of a vector
    public VectorRules(List<Field> vectors) {
        this.vectors = List.copyOf(vectors);
    }

    /// Reads what the view expects of whole vectors.
    public void ofView(Keys view) {
        for (Keys entry : entries(view)) {
            new ExpectReader(entry, vectors).ofView().ifPresent(rule -> rules.keep(entry, rule));
        }
    }

    /// Reads what an entry expects of its features.
    ///
    /// @param features all that the entry makes
    public void ofFeatures(Keys owner, List<Field> features) {
        for (Keys entry : entries(owner)) {
            new ExpectReader(entry, vectors)
                    .ofFeatures(features)
                    .forEach(rule -> rules.keep(entry, rule));
        }
    }

    /// All that was read; too much of it is a problem.
    public Quality quality(Keys view) {
        if (rules.isTooLong()) {
            view.complain(
                    "features",
                    "and the view expect "
                            + rules.rules().size()
                            + " things, more than "
                            + RuleList.MAX_RULES,
                    "expect less, or split the view");
        }
        return new Quality(rules.rules(), List.of());
    }

    /// One expectation needs no list.
    private static List<Keys> entries(Keys owner) {
        boolean isOne = owner.mapping().find(EXPECT).orElse(null) instanceof YamlNode.Mapping;
        return isOne ? owner.keys(EXPECT).stream().toList() : owner.list(EXPECT);
    }
}
