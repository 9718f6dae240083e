package leat.stream.audit;

import java.util.Locale;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.AuditReport.Offences;

/// A report for people: a line a hop, then what is wrong and where.
public final class AuditTable {

    private static final String LINE = "  %-22s %12s %12s %11s %9s %9s %11s %9s %13s%n";

    private AuditTable() {}

    public static String of(AuditReport report) {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        "Audit from %s to %s, %s%n",
                        report.from(), report.to(), report.deep() ? "deep" : "by counts"));
        for (ContractAudit contract : report.contracts()) {
            append(text, contract);
        }
        text.append(
                report.clean()
                        ? String.format("Clean.%n")
                        : String.format("Not clean: see the positions above.%n"));
        return text.toString();
    }

    private static void append(StringBuilder text, ContractAudit contract) {
        text.append(String.format("%n%s%n", contract.contract()));
        if (!contract.hops().isEmpty()) {
            text.append(
                    String.format(
                            LINE,
                            "",
                            "expected",
                            "found",
                            "duplicates",
                            "dead",
                            "refused",
                            "superseded",
                            "pending",
                            "unverifiable"));
        }
        for (HopAudit hop : contract.hops()) {
            text.append(
                    String.format(
                            LINE,
                            hop.hop().way(),
                            number(hop.expected()),
                            number(hop.found()),
                            number(hop.duplicates()),
                            number(hop.dead()),
                            number(hop.refused()),
                            number(hop.superseded()),
                            number(hop.pending()),
                            number(hop.unverifiable())));
        }
        for (HopAudit hop : contract.hops()) {
            for (Offences offences : hop.offences()) {
                append(text, offences);
            }
        }
        for (String note : contract.notes()) {
            text.append(String.format("  note: %s%n", note));
        }
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

    private static String number(long count) {
        return count == 0 ? "-" : String.format(Locale.ROOT, "%,d", count);
    }
}
