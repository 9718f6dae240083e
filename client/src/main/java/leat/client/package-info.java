/// Sends events to Leat's collector from any Java program: in batches, again with the same ids
/// until they are answered for, and no faster than they are taken. Knows the collector by HTTP and
/// gRPC only, and needs nothing of the platform.
@NullMarked
package leat.client;

import org.jspecify.annotations.NullMarked;
