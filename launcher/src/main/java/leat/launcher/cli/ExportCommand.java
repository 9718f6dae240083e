package leat.launcher.cli;

import leat.core.contract.Contract;
import leat.core.jsonschema.JsonSchemaExport;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat export`: what a workspace says, in the words of other tools.
@Command(
        name = "export",
        description = "Write a workspace's contracts for other tools.",
        mixinStandardHelpOptions = true,
        subcommands = ExportCommand.JsonSchemaCommand.class)
final class ExportCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to export: jsonschema.");
    }

    /// `leat export jsonschema CONTRACT`.
    @Command(
            name = "jsonschema",
            description = "Print a contract as JSON Schema, draft 2020-12.",
            mixinStandardHelpOptions = true)
    static final class JsonSchemaCommand implements Runnable {

        @Mixin private WorkspaceOption workspace = new WorkspaceOption();
        @Mixin private Output output = new Output();

        @Parameters(paramLabel = "CONTRACT", description = "The contract.")
        private String contract = "";

        @Override
        public void run() {
            Workspace opened = workspace.open();
            Contract chosen = ContractChoice.require(opened.contracts(), contract);
            output.println(JsonSchemaExport.of(chosen));
        }
    }
}
