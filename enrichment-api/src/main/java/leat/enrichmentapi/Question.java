package leat.enrichmentapi;

/// What is asked.
///
/// @param event fields of the event that go along, a JSON object; empty when none do
record Question(String key, String event) {}
