// Package daily keeps a table in one partition a day, so that a long history costs nothing. What is written now touches the
// pages of a few days and of their indexes. What has become too old goes as a whole partition; no row is deleted.
//
// The day is the one with which a row's id begins ([event.Day]). The table has the columns id uuid, its primary key, and
// at timestamptz, when the row was written. A migration makes three tables with the same columns:
//
//	NAME         partitioned by range (id)
//	NAME_rest    its default partition: rows of days that have no partition
//	NAME_before  rows that were written before the table had partitions; nothing is added to it
//
// [Table.Run] makes partitions for the days around today, NAME_20261120 for example, and drops those that are too old. No
// other day gets a partition, whatever ids come: their rows are in the rest, which loses its old rows one by one. If the
// rest has become large, it is set aside: it becomes a child of NAME_before, and an empty one takes its place.
//
// So a row is either in NAME or in NAME_before. A statement that looks for ids reads both. Where a row of NAME_before must
// refuse the same id in NAME, the migration makes a trigger function NAME_before(); the trigger is there only as long as
// NAME_before has rows.
//
// A look-up also says between which ids it looks ([Span]), so that the server opens only the partitions of those days. It
// cannot tell that from an array.
//
// The program's role owns no table. The owner's functions ([postgres.Migrate] makes them) make and drop partitions for it. They
// drop nothing that must be kept, whatever the program says: see [postgres.Prepare].
//
// To make or drop a partition, a function locks the whole table for some milliseconds. It waits at most lockBound for that
// lock, because everybody else waits behind it, and holds it no longer than workBound. If that is not enough, it gives up
// and tries again later. (A partition cannot be detached concurrently, without that lock, from a table that has a default
// partition.)
package daily
