package leat.stream.audit;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.AuditReport.Offences;

/// A report for people: a line a hop, then what is wrong and where. Columns of which nothing is to
/// be told are left out, so that the usual report fits a narrow terminal.
public final class AuditTable {

    private static final String INDENT = "  ";
    private static final String GAP = "  ";

    /// Numbers of the hops.
    ///
    /// @param always whether they are shown when all are zero
    private record Column(String title, boolean always, ToLongFunction<HopAudit> count) {

        String cell(HopAudit hop) {
            long number = count.applyAsLong(hop);
            return number == 0 ? "-" : number(number);
        }

        boolean tells(List<HopAudit> hops) {
            return always || hops.stream().anyMatch(hop -> count.applyAsLong(hop) != 0);
        }

        int width(List<HopAudit> hops) {
            int cells = hops.stream().mapToInt(hop -> cell(hop).length()).max().orElse(0);
            return Math.max(title.length(), cells);
        }
    }

    private static final List<Column> COLUMNS =
            List.of(
                    new Column("expected", true, HopAudit::expected),
                    new Column("found", true, HopAudit::found),
                    new Column("duplicates", false, HopAudit::duplicates),
                    new Column("dead", false, HopAudit::dead),
                    new Column("refused", false, HopAudit::refused),
                    new Column("superseded", false, HopAudit::superseded),
                    new Column("pending", false, HopAudit::pending),
                    new Column("unverifiable", false, HopAudit::unverifiable));

    private AuditTable() {}

    public static String of(AuditReport report) {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        "Audit from %s to %s, %s%n",
                        from(report), report.to(), report.deep() ? "deep" : "by counts"));
        for (ContractAudit contract : report.contracts()) {
            append(text, contract);
        }
        text.append(
                report.clean()
                        ? String.format("Clean.%n")
                        : String.format("Not clean: see the positions above.%n"));
        return text.toString();
    }

    private static String from(AuditReport report) {
        return report.from().equals(Instant.EPOCH) ? "the first event" : report.from().toString();
    }

    private static void append(StringBuilder text, ContractAudit contract) {
        text.append(String.format("%n%s%n", contract.contract()));
        List<HopAudit> hops = contract.hops();
        if (!hops.isEmpty()) {
            int first = hops.stream().mapToInt(hop -> hop.hop().way().length()).max().orElse(0);
            append(text, pad("", first), hops, Column::title);
            for (HopAudit hop : hops) {
                append(text, pad(hop.hop().way(), first), hops, column -> column.cell(hop));
            }
        }
        for (HopAudit hop : hops) {
            for (Offences offences : hop.offences()) {
                append(text, offences);
            }
        }
        for (String note : contract.notes()) {
            text.append(String.format("  note: %s%n", note));
        }
    }

    /// One line of a contract's table.
    private static void append(
            StringBuilder text,
            String first,
            List<HopAudit> hops,
            Function<Column, String> cellOf) {
        text.append(INDENT).append(first);
        for (Column column : COLUMNS) {
            if (column.tells(hops)) {
                String cell = cellOf.apply(column);
                text.append(GAP).repeat(" ", column.width(hops) - cell.length()).append(cell);
            }
        }
        text.append(System.lineSeparator());
    }

    private static void append(StringBuilder text, Offences offences) {
        text.append(
                String.format(
                        "  %s: %s, each %s%n",
                        offences.offence().word(),
                        number(offences.count()),
                        offences.offence().meaning()));
        for (String where : offences.first()) {
            text.append(String.format("    %s%n", where));
        }
        if (offences.count() > offences.first().size()) {
            text.append(
                    String.format(
                            "    and %s more%n",
                            number(offences.count() - offences.first().size())));
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
