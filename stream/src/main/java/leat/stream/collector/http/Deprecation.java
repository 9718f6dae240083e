package leat.stream.collector.http;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Lifecycle;
import leat.stream.collector.EndedContract;

/// What clients are told of a contract that comes to its end: `Deprecation` (RFC 9745, a structured
/// date), `Sunset` (RFC 8594, an HTTP date) and a link to the successor; and the refusal after it.
final class Deprecation {

    private Deprecation() {}

    /// Header lines, each with its CR and LF; empty for a contract that goes on.
    static String headers(Contract contract) {
        Lifecycle lifecycle = contract.lifecycle();
        if (!lifecycle.isDeprecated()) {
            return "";
        }
        StringBuilder headers = new StringBuilder();
        lifecycle
                .since()
                .ifPresent(day ->
                        headers.append("deprecation: @")
                                .append(start(day).toEpochSecond())
                                .append("\r\n"));
        lifecycle
                .until()
                .ifPresent(day ->
                        headers.append("sunset: ").append(httpDate(start(day))).append("\r\n"));
        lifecycle
                .successor()
                .ifPresent(name ->
                        headers.append("link: <")
                                .append(Route.EVENTS)
                                .append(name)
                                .append(">; rel=\"successor-version\"\r\n"));
        return headers.toString();
    }

    /// An HTTP date has two digits for its day, which the JDK's formatter does not write.
    private static String httpDate(ZonedDateTime time) {
        String text = DateTimeFormatter.RFC_1123_DATE_TIME.format(time);
        return text.charAt(6) == ' ' ? text.substring(0, 5) + "0" + text.substring(5) : text;
    }

    private static ZonedDateTime start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC);
    }

    /// Refuses events for a contract that takes none any more.
    static void refuseEnded(Contract contract, Instant now) throws HttpProblem.RefusedRequest {
        Optional<EndedContract> ended = EndedContract.of(contract, now);
        if (ended.isPresent()) {
            throw new HttpProblem.RefusedRequest(
                    new HttpProblem(
                            410,
                            "contract-ended",
                            ended.get().message(),
                            ended.get().remedy(Route.EVENTS)));
        }
    }
}
