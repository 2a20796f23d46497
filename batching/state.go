package batching

import (
	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// syncState is what we know of what is stored, compared with the journal. It
// changes by these transitions only:
//
//	stateDiagram-v2
//	  [*] --> Durable: opened
//	  Durable --> Undurable: savedNotDurable, rebasedTo(n)
//	  Durable --> Recovered: recovered(n)
//	  Undurable --> Durable: saved, rebasedTo(0)
//	  Recovered --> Durable: saved, rebasedTo(0)
//	  Durable --> InDoubt: saveFailed
//	  Undurable --> InDoubt: saveFailed
//	  Recovered --> InDoubt: saveFailed
//	  InDoubt --> Durable: saved, rebasedTo(0)
//	  InDoubt --> Undurable: ownSaveFound(n), savedNotDurable
//
// Durable: no pending group is in what is stored. Undurable: the first ones are,
// and might not survive a power cut. Recovered: the same, and what was stored
// before them is not known. InDoubt: the last Save may have happened, though it
// ended with an error; the rest is as it was before.
type syncState struct {
	// revision is what stored was loaded from or saved as.
	revision Revision
	stored   *document.Document
	// contained is how many of the first groups stored has already.
	contained int
	// origin is the document without them: stored itself if there are none, nil
	// if it is not known.
	origin *document.Document
	// inDoubt is whether the last Save may have happened.
	inDoubt bool
}

// opened returns the state after the document was loaded.
func opened(revision Revision, d *document.Document) syncState {
	return syncState{revision: revision, stored: d, origin: d}
}

// saved: everything that leads to d is stored, and durable.
func (s *syncState) saved(revision Revision, d *document.Document) { *s = opened(revision, d) }

// savedNotDurable: d is stored with so many groups, and might not survive.
func (s *syncState) savedNotDurable(revision Revision, d *document.Document, groups int) {
	s.revision, s.stored, s.contained = revision, d, groups
}

// saveFailed: a Save has ended with an error that leaves open whether it has
// happened.
func (s *syncState) saveFailed() { s.inDoubt = true }

// doubtEnded: it is known what has become of the last Save.
func (s *syncState) doubtEnded() { s.inDoubt = false }

// ownSaveFound: a Save of ours of so many more groups has happened, and has
// stored d.
func (s *syncState) ownSaveFound(d *document.Document, groups int) {
	s.stored, s.contained = d, s.contained+groups
}

// rebasedTo: d is stored, which has so many of our first groups.
func (s *syncState) rebasedTo(revision Revision, d *document.Document, contained int) {
	s.revision, s.stored, s.contained = revision, d, contained
	if contained == 0 {
		s.origin = d
	}
}

// confirmed: what is stored is the same document, under another revision.
func (s *syncState) confirmed(revision Revision) { s.revision = revision }

// recovered: so many groups of an ended program have become our first ones, and
// are stored already.
func (s *syncState) recovered(groups int) {
	s.contained, s.origin = groups, nil
}

// known returns the versions that the groups of the journal know of.
func (s *syncState) known() []merge.Known {
	if s.contained == 0 {
		return []merge.Known{{Version: merge.Whole(s.stored)}}
	}
	saved := merge.Known{Groups: s.contained, Version: merge.Whole(s.stored)}
	if s.origin == nil {
		return []merge.Known{saved}
	}
	return []merge.Known{{Version: merge.Whole(s.origin)}, saved}
}

// checkpoints returns the documents that are known to be, or to have been, stored,
// for a record of the journal.
func (s *syncState) checkpoints() []recovery.Checkpoint {
	var list []recovery.Checkpoint
	if s.origin != nil {
		list = append(list, recovery.Checkpoint{Document: s.origin})
	}
	if s.contained > 0 {
		list = append(list, recovery.Checkpoint{Groups: s.contained, Document: s.stored})
	}
	return list
}
