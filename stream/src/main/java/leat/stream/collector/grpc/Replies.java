package leat.stream.collector.grpc;

import java.util.List;
import leat.collector.v1.Deprecation;
import leat.collector.v1.Problem;
import leat.collector.v1.PublishReply;
import leat.collector.v1.PublishSummary;
import leat.core.contract.Contract;
import leat.core.contract.Lifecycle;
import leat.core.outcome.Reason;
import leat.stream.collector.Receipt;

/// What became of events, as clients are told.
final class Replies {

    private static final int MAX_SUMMARY_PROBLEMS = 1_000;

    /// Clients take replies of 4 MiB unless they say otherwise: beyond this, problems have the code
    /// of their first reason only.
    private static final int MAX_REASONS_CHARS = 1 << 20;

    private Replies() {}

    static PublishReply of(List<Receipt.Item> items, Contract contract, boolean withIds) {
        PublishReply.Builder reply = PublishReply.newBuilder().setDeduplication(true);
        int accepted = 0;
        int dead = 0;
        int refused = 0;
        int chars = 0;
        for (int index = 0; index < items.size(); index++) {
            switch (items.get(index)) {
                case Receipt.Accepted one -> {
                    accepted++;
                    if (!one.repeatable()) {
                        reply.setDeduplication(false);
                    }
                    if (withIds) {
                        reply.addIds(one.id());
                    }
                }
                case Receipt.Dead lost -> {
                    dead++;
                    reply.addProblems(
                            problem(index, lost.reasons(), chars < MAX_REASONS_CHARS)
                                    .setStatus(Problem.Status.DEAD)
                                    .setId(lost.id()));
                    chars += chars(lost.reasons());
                }
                case Receipt.Refused none -> {
                    refused++;
                    reply.addProblems(
                            problem(index, none.reasons(), chars < MAX_REASONS_CHARS)
                                    .setStatus(Problem.Status.REFUSED));
                    chars += chars(none.reasons());
                }
            }
        }
        if (contract.lifecycle().isDeprecated()) {
            reply.setDeprecation(deprecation(contract.lifecycle()));
        }
        return reply.setAccepted(accepted).setDead(dead).setRefused(refused).build();
    }

    private static Problem.Builder problem(int index, List<Reason> reasons, boolean whole) {
        Problem.Builder problem = Problem.newBuilder().setIndex(index);
        if (!whole) {
            return problem.addReasons(
                    leat.collector.v1.Reason.newBuilder()
                            .setCode(reasons.getFirst().code().word()));
        }
        for (Reason reason : reasons) {
            problem.addReasons(
                    leat.collector.v1.Reason.newBuilder()
                            .setCode(reason.code().word())
                            .setField(reason.field())
                            .setMessage(reason.message()));
        }
        return problem;
    }

    private static int chars(List<Reason> reasons) {
        int sum = 0;
        for (Reason reason : reasons) {
            sum += reason.field().length() + reason.message().length();
        }
        return sum;
    }

    private static Deprecation deprecation(Lifecycle lifecycle) {
        Deprecation.Builder deprecation = Deprecation.newBuilder();
        lifecycle.since().ifPresent(day -> deprecation.setSince(day.toString()));
        lifecycle.until().ifPresent(day -> deprecation.setUntil(day.toString()));
        lifecycle.successor().ifPresent(name -> deprecation.setSuccessor(name.toString()));
        return deprecation.build();
    }

    /// The replies of one call, added up.
    static final class Sum {

        private final PublishSummary.Builder summary =
                PublishSummary.newBuilder().setDeduplication(true);
        private long events;

        void add(PublishReply reply) {
            summary.setRequests(summary.getRequests() + 1);
            summary.setAccepted(summary.getAccepted() + reply.getAccepted());
            summary.setDead(summary.getDead() + reply.getDead());
            summary.setRefused(summary.getRefused() + reply.getRefused());
            summary.setDeduplication(summary.getDeduplication() && reply.getDeduplication());
            for (Problem problem : reply.getProblemsList()) {
                if (summary.getProblemsCount() == MAX_SUMMARY_PROBLEMS) {
                    break;
                }
                summary.addProblems(problem.toBuilder().setIndex(events + problem.getIndex()));
            }
            events += reply.getAccepted() + reply.getDead() + reply.getRefused();
        }

        PublishSummary summary() {
            return summary.build();
        }

        /// Small enough for a status.
        PublishSummary counts() {
            return summary.clone().clearProblems().build();
        }
    }
}
