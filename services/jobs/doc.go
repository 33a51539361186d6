// Package jobs runs the jobs of a service: work that a clock or a person starts, such as executing what is due or balancing books.
//
// A [Job] has a name and a [Rule] that says when it is due. Each replica looks once a second at the bank's clock. The replica
// that inserts the row of a run first publishes job.due for part 0. The service's own queue brings that message. Its step does
// one [Part] in one transaction, writes the progress into the same row, and publishes job.due for the next part. The last part
// publishes job.finished.
//
// What holds, whatever dies and however many replicas there are:
//
//   - Of one job, one run at a time is under way: a unique index refuses a second one.
//   - A part takes effect once: the inbox recognises its message, and the run's row says which part comes next.
//   - A run goes on where it stood. If a message is lost between two parts, a replica publishes the same message again, with
//     the same id.
//   - Due times that were missed, because the core was down or the bank's clock jumped, are made up for, oldest first. A job
//     may ask for only the latest one: see [Job.Latest].
//   - A job may rest between its parts, and so yield to work for which somebody waits: see [Job.Rest].
//
// A command that comes after its deadline is refused: its person was told that it may be lost, and has perhaps given it again.
//
// A run that was ended may be started again by hand, with job.commanded: see [Command]. So a job must have no second effect
// when it is run again for the same due time. Package jobstest exercises that.
//
// linecheck's expiry of reservations is no such job, although it publishes job.due. It is a pulse: each second looks at what has
// just lapsed, and the next one makes up for a second that is lost. A row for each second, and a run that waits for the one
// before it, would make it slower and less sure.
//
// A service runs [Migrations] in its own schema, declares [Set.Queue] and [Publications], and calls [Set.Serve]. Its main
// function hands the arguments after "job" to [OnCall].
package jobs
