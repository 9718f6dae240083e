package leat.core.tracking.search;

/// A word of a filter or an order.
sealed interface Token {

    /// Where it begins in the text.
    int at();

    /// As it stands there.
    String text();

    /// A name with its quotes, e.g. ``metrics.`a b` ``, or a keyword. What is wholly in double
    /// quotes may also be meant as a text.
    record Name(int at, String text) implements Token {}

    /// A text in single quotes, with them.
    record Quoted(int at, String text) implements Token {}

    record Numeral(int at, String text) implements Token {}

    /// An operator, a bracket or a comma; also what nothing is made of.
    record Symbol(int at, String text) implements Token {}
}
