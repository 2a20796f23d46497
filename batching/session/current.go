package session

import (
	"context"
	"encoding"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Current returns the item being worked on, and false if there is none. It need
// not be in the backlog any more. It never waits for a file.
func (s *Session[B, ID, S]) Current() (ID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var none ID
	return s.current, s.current != none
}

// SetCurrent remembers which item is being worked on, or none for the zero ID.
// It is written to a file of its own, durable, at once: it is no part of the
// backlog and no pending update. An item that the backlog does not have is a
// *document.NotFoundError.
func (s *Session[B, ID, S]) SetCurrent(ctx context.Context, id ID) error {
	path := s.metadata.path(CurrentFile)
	if err := ctx.Err(); err != nil {
		return failed("set current item", path, err)
	}
	return failed("set current item", path, s.setCurrent(id))
}

func (s *Session[B, ID, S]) setCurrent(id ID) error {
	var none ID
	text := s.format.ID(id).String()
	if id != none {
		if _, err := s.document(s.Backlog()).Lookup(s.format.ID(id)); err != nil {
			return err
		}
		if again, err := parseID[ID](text); err != nil {
			return err
		} else if again != id {
			return fmt.Errorf("%q is read back as %v", text, again)
		}
	}
	p, err := openPlan(s.metadata.PlanDir, s.options)
	if err != nil {
		return err
	}
	defer p.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == none {
		err = p.remove(s.metadata.ID, CurrentFile)
	} else {
		err = p.write(s.metadata.ID, CurrentFile, text+"\n")
	}
	if err == nil {
		s.current = id
	}
	return err
}

// readCurrent reads the current item of a session, the zero ID if there is none,
// or if ids of that type cannot be read: then only other programs have set it.
func readCurrent[ID comparable](p *plan, session string) (ID, error) {
	var none ID
	text, err := p.read(session, CurrentFile)
	if errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	id := none
	if err == nil {
		id, err = parseID[ID](strings.TrimSpace(text))
	}
	if errors.Is(err, errors.ErrUnsupported) {
		return none, nil
	}
	if err != nil {
		return none, failed("read current item", p.path(session, CurrentFile), err)
	}
	return id, nil
}

// parseID reads an id. Generated packages have ids that know how.
func parseID[ID comparable](text string) (ID, error) {
	var id ID
	u, ok := any(&id).(encoding.TextUnmarshaler)
	if !ok {
		return id, fmt.Errorf("ids of type %T cannot be read from text: %w", id, errors.ErrUnsupported)
	}
	return id, u.UnmarshalText([]byte(text))
}
