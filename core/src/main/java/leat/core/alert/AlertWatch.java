package leat.core.alert;

/// Whoever wants to know how alerts stand in this process, as a metric does.
public interface AlertWatch {

    /// An alert is as it is now.
    void stands(String contract, String rule, Alert alert);

    /// Another process may judge the rule now.
    void forget(String contract, String rule);
}
