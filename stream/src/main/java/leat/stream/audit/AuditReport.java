package leat.stream.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What an audit found.
public record AuditReport(Instant from, Instant to, boolean deep, List<ContractAudit> contracts) {

    public AuditReport {
        contracts = List.copyOf(contracts);
    }

    /// Whether nothing is wrong. What is pending or can not be verified is not wrong.
    public boolean clean() {
        return contracts.stream().allMatch(ContractAudit::clean);
    }

    /// One contract.
    ///
    /// @param contract name and major version, `car-telemetry.v1`; of a scoring that of its
    ///   predictions
    /// @param notes what could not be looked at, as sentences
    public record ContractAudit(String contract, List<HopAudit> hops, List<String> notes) {
        public ContractAudit {
            hops = List.copyOf(hops);
            notes = List.copyOf(notes);
        }

        public boolean clean() {
            return hops.stream().allMatch(HopAudit::clean);
        }

        /// The same contract's hops and notes, with those of `other` behind them.
        ContractAudit and(ContractAudit other) {
            List<HopAudit> allHops = new ArrayList<>(hops);
            allHops.addAll(other.hops());
            List<String> allNotes = new ArrayList<>(notes);
            allNotes.addAll(other.notes());
            return new ContractAudit(contract, allHops, allNotes);
        }
    }

    /// One step of the way. Without offences, `expected` = `found` + `duplicates` + `dead` +
    /// `refused` + `superseded` + `pending`.
    ///
    /// @param expected what arrived at the hop and can be verified
    /// @param found what came out of it
    /// @param duplicates raw records that are duplicates
    /// @param dead raw records that became dead letters
    /// @param refused enriched events that the sink refused
    /// @param superseded enriched events, or dead letters, whose document was overwritten by a
    ///   later one of the same id
    /// @param pending what the hop has not come to yet
    /// @param unverifiable what the log does not keep enough of to judge; not part of `expected`
    /// @param byCount whether only numbers were compared
    public record HopAudit(
            Hop hop,
            long expected,
            long found,
            long duplicates,
            long dead,
            long refused,
            long superseded,
            long pending,
            long unverifiable,
            boolean byCount,
            List<Offences> offences) {
        public HopAudit {
            offences = List.copyOf(offences);
        }

        public boolean clean() {
            return offences.isEmpty();
        }
    }

    /// The steps that are judged.
    public enum Hop {
        LEDGER("ledger", "client → raw"),
        SPOOL("spool", "spool → raw"),
        ENRICHER("enricher", "raw → enriched, dead"),
        SCORER("scorer", "vectors → predictions"),
        LAKE("lake", "enriched → lake"),
        SEARCH("search", "enriched → search"),
        LAKE_DEAD("lake-dead", "dead → lake"),
        SEARCH_DEAD("search-dead", "dead → search"),
        LAKE_PREDICTIONS("lake-predictions", "predictions → lake"),
        SEARCH_PREDICTIONS("search-predictions", "predictions → search");

        private final String word;
        private final String way;

        Hop(String word, String way) {
            this.word = word;
            this.way = way;
        }

        public String word() {
            return word;
        }

        public String way() {
            return way;
        }
    }

    /// All offences of one kind.
    ///
    /// @param first where, at most [#NAMED]
    public record Offences(Offence offence, long count, List<String> first) {
        /// How many positions are named; the others are counted.
        public static final int NAMED = 20;

        public Offences {
            first = List.copyOf(first);
        }
    }
}
