// Package session keeps the backlogs of a pipeline that works on PRDs (product
// requirement documents): one session directory for each PRD, in a plan
// directory.
//
//	plan/
//	  .session.lock            held while a session is made
//	  001_14b9dc2a33c7/        sequence number, and the first 12 hex digits of the
//	                           SHA-256 of the PRD
//	    tasks.json             the backlog, absent until there is one
//	    prd_snapshot.md        the PRD as it was at the start
//	    parent_session.txt     the session that this one was derived from, if any
//	    current_item.txt       the item being worked on, if any
//	    architecture/  prps/  artifacts/
//	    bugfix/                a plan directory for sessions inside the session
//
// [Init] finds the session of a PRD or makes it, [Load] and [Open] take one that
// is there, and [Session.CreateDelta] derives one from another when the PRD has
// changed. [List], [Latest], [FindByPRD], [Parent] and [Lineage] look around.
//
// A [Session] works with any generated package: it is given the package's
// Format. Its updates are those of a [batching.Batcher] on tasks.json, with all
// that promises. [Session.Run] sees to it that a program which is interrupted,
// or panics, does not lose what is pending.
//
// A session appears in the plan directory under its name when it is complete
// and durable, not before; two programs that make one for the same PRD at the
// same time get the same one. Nothing here reads or writes outside of the plan
// directory, whatever the names given and the symbolic links found: links are
// followed if they are relative and stay inside, and refused otherwise.
// tasks.json and the files beside it are checked for that when a session is
// loaded. The plan directory itself and the PRD are the caller's choice and may
// be anywhere.
//
// PRDs and the small files are UTF-8; anything else is refused with an
// [*EncodingError]. Errors are of type [*Error], which names the operation and
// the path; what does not exist satisfies errors.Is(err, fs.ErrNotExist).
package session
