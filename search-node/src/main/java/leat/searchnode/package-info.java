/// The process that is the embedded search engine: one OpenSearch node, made from its Maven jars.
/// It shares no class with the rest of Leat, which talks to it over HTTP only.
@NullMarked
package leat.searchnode;

import org.jspecify.annotations.NullMarked;
