/// Writes Parquet files for the lake: columns are collected as plain arrays and encoded a row group
/// at a time, which costs less than half of encoding value by value. Nothing here knows about
/// events or tables.
@NullMarked
package leat.stream.lake.parquet;

import org.jspecify.annotations.NullMarked;
