package leat.stream.audit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The running count of one hop.
final class HopTally {

    long expected;
    long found;
    long duplicates;
    long dead;
    long refused;
    long superseded;
    long pending;
    long unverifiable;
    private final Map<Offence, Named> offences = new EnumMap<>(Offence.class);

    private static final class Named {
        private long count;
        private final List<String> first = new ArrayList<>();
    }

    void offence(Offence offence, String where) {
        Named named = offences.computeIfAbsent(offence, _ -> new Named());
        named.count++;
        if (named.first.size() < AuditReport.Offences.NAMED) {
            named.first.add(where);
        }
    }

    boolean clean() {
        return offences.isEmpty();
    }

    AuditReport.HopAudit audit(AuditReport.Hop hop, boolean byCount) {
        List<AuditReport.Offences> found = new ArrayList<>();
        offences.forEach((offence, named) ->
                found.add(new AuditReport.Offences(offence, named.count, named.first)));
        return new AuditReport.HopAudit(
                hop,
                expected,
                this.found,
                duplicates,
                dead,
                refused,
                superseded,
                pending,
                unverifiable,
                byCount,
                found);
    }
}
