/// Reads contracts from ODCS 3.1 files. Everything that can be wrong with a contract file is found
/// here, all of it at once; what comes out can be used as it is. What feature views expect of their
/// vectors is read here too, since it is said in the words of ODCS's quality rules.
@NullMarked
package leat.core.odcs;

import org.jspecify.annotations.NullMarked;
