package leat.core.evolution;

/// One difference between two versions of a contract.
///
/// @param where the field's path, `customer.id` or `lines[].sku`, or the contract's property,
///   `leat.key`; a renamed or new field stands under its name in the later version
/// @param what what is different, without a final full stop
/// @param compatibility what this change alone does
/// @param remedy how the change can be had without a new major version, an imperative without a
///   final full stop; empty where it needs none or there is no way
public record Change(String where, String what, Compatibility compatibility, String remedy) {

    /// `where: what (class)`.
    @Override
    public String toString() {
        return where + ": " + what + " (" + compatibility.word() + ")";
    }
}
