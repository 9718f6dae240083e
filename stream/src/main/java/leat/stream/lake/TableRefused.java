package leat.stream.lake;

/// A contract asks for a change that a table cannot take without changing what is already in it.
/// The message names the table, every problem and the remedy.
public final class TableRefused extends RuntimeException {

    TableRefused(TableChange.Refused refused) {
        super(
                "table "
                        + refused.table()
                        + ": "
                        + String.join("; ", refused.problems())
                        + ". Remedy: "
                        + refused.remedy());
    }
}
