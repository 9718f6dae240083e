package leat.launcher.demo;

import java.util.Optional;

/// What a scoring has predicted while a demo played, by the sources' time.
///
/// @param scoring its name
/// @param version that answers, `breakdown/2`; empty where none does
/// @param predictions that answered
/// @param alarms whose time is over; those of one entity that follow each other are one
/// @param precision the share of these that were right; empty without any
/// @param events that were to be foretold
/// @param recall the share of these that had an alarm before; empty without any
/// @param leadSeconds how long before half of these the first alarm came, or longer
public record ModelOutcome(
        String scoring,
        Optional<String> version,
        long predictions,
        long alarms,
        Optional<Double> precision,
        long events,
        Optional<Double> recall,
        Optional<Double> leadSeconds) {}
