package leat.core.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.PayloadEncoding;
import leat.core.encoding.PayloadSchemas;
import leat.core.event.Names;
import leat.core.registry.SchemaText.SchemaType;
import org.apache.avro.Schema;

/// The Avro schema that a contract's clients write with. Its subject is that of Confluent's
/// TopicRecordNameStrategy, raw topic and record, since the topic's own subject has the JSON
/// Schema.
public record AvroSchemas(Names names) implements SchemaSource {

    @Override
    public List<SchemaText> of(Contract contract) {
        return contract.encoding()
                .map(encoding ->
                        switch (encoding) {
                            case PayloadEncoding.Avro avro ->
                                    List.of(
                                            new SchemaText(
                                                    subject(contract, avro),
                                                    SchemaType.AVRO,
                                                    avro.schema().toString()));
                            case PayloadEncoding.Protobuf _ -> List.<SchemaText>of();
                        })
                .orElse(List.of());
    }

    /// The contracts, with whatever was ever registered for their clients among the writers. Where
    /// a contract itself says what an id means, that counts.
    public Contracts withWriters(Contracts contracts, ContractRegistry registry) {
        return new Contracts(
                contracts.all().stream()
                        .map(contract ->
                                contract.encoding()
                                        .map(encoding -> withWriters(contract, encoding, registry))
                                        .orElse(contract))
                        .toList());
    }

    private Contract withWriters(
            Contract contract, PayloadEncoding encoding, ContractRegistry registry) {
        return switch (encoding) {
            case PayloadEncoding.Protobuf _ -> contract;
            case PayloadEncoding.Avro avro -> {
                Map<Integer, Schema> writers = new HashMap<>();
                registry.subject(subject(contract, avro))
                        .values()
                        .forEach(schema ->
                                writers.put(
                                        schema.id(), PayloadSchemas.avro(schema.schema().text())));
                writers.putAll(avro.writers());
                yield contract.withEncoding(
                        new PayloadEncoding.Avro(avro.schema(), writers, avro.headers()));
            }
        };
    }

    private String subject(Contract contract, PayloadEncoding.Avro avro) {
        return names.raw(contract) + "-" + avro.schema().getFullName();
    }
}
