package leat.core.model;

/// How far a logged model is.
public enum LoggedModelStatus {
    LOGGED_MODEL_PENDING,
    LOGGED_MODEL_READY,
    LOGGED_MODEL_UPLOAD_FAILED
}
