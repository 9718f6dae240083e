package leat.ml.featurestore.online;

import leat.core.contract.Field;
import leat.core.contract.FieldType;

/// A feature of a served view.
public record OnlineFeature(String name, Kind kind) {

    /// What its values are.
    public enum Kind {
        BOOLEAN,
        /// Of 64 bits.
        INTEGER,
        /// A double.
        NUMBER,
        /// As ISO 8601 in the vector.
        TIME,
        /// All others, as the vector has them.
        TEXT
    }

    static OnlineFeature of(Field field) {
        return new OnlineFeature(
                field.name(),
                switch (field.type()) {
                    case FieldType.Bool _ -> Kind.BOOLEAN;
                    case FieldType.Int _ -> Kind.INTEGER;
                    case FieldType.Real _ -> Kind.NUMBER;
                    case FieldType.Timestamp _ -> Kind.TIME;
                    case FieldType.Text _,
                            FieldType.Decimal _,
                            FieldType.Date _,
                            FieldType.Time _,
                            FieldType.Struct _,
                            FieldType.Array _ ->
                            Kind.TEXT;
                });
    }
}
