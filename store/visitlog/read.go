package visitlog

import (
	"context"
	"errors"
	"fmt"
)

// Source is the log of one node, to be read.
type Source struct {
	Folder Disk
	// Log is the log itself when this process writes it: then all that is on disk is read. Nil when another process does:
	// then the last frame is left until one follows it, a seal at the latest half a second after work ends, because only
	// that proves it to be on disk. A frame that power takes back after it was counted could not be uncounted.
	Log *Log
}

// reader goes through one node's log. Not for concurrent use.
type reader struct {
	src   Source
	node  uint32
	list  []uint64
	seg   *segment
	at    Position
	last  int64  // where the frame before at begins, 0 when there is none in this segment
	crc   uint32 // of that frame
	limit Position
	limed bool // limit holds
}

// newReader begins at from; the zero Position is the oldest segment there is. node 0 takes the node of the first segment.
// It gives nil when the log has no segment yet.
func newReader(src Source, node uint32, from Position) (*reader, error) {
	r := &reader{src: src, node: node, at: from}
	if src.Log != nil {
		r.limit, r.limed = src.Log.Durable(), true
	}
	var err error
	if r.list, err = segments(src.Folder); err != nil {
		return nil, err
	}
	if len(r.list) == 0 {
		if from.Segment > 0 {
			return nil, &Damage{File: segmentName(from.Segment), Why: "the segment is missing"}
		}
		return nil, nil
	}
	n := from.Segment
	if n == 0 {
		n = r.list[0]
	}
	ok, err := r.enter(n)
	if err != nil || !ok {
		return nil, err
	}
	if from.Segment == 0 {
		r.at = Position{Segment: n, Offset: segmentHead, Visits: r.seg.header.first}
	}
	return r, nil
}

func (r *reader) close() error {
	if r.seg == nil {
		return nil
	}
	err := r.seg.Close()
	r.seg = nil
	return err
}

func (r *reader) isLast(n uint64) bool { return n >= r.list[len(r.list)-1] }

// enter opens segment n; false when it is the last and still being made.
func (r *reader) enter(n uint64) (bool, error) {
	if n < r.list[0] || n > r.list[len(r.list)-1] {
		return false, &Damage{File: segmentName(n), Why: "the segment is missing"}
	}
	s, headErr, err := openSegment(r.src.Folder, n)
	if err != nil {
		return false, err
	}
	if headErr != nil {
		if err := s.Close(); err != nil || r.isLast(n) && r.at.Segment != n {
			return false, err
		}
		return false, &Damage{File: s.name, Why: headErr.Error()}
	}
	if r.node == 0 {
		r.node = s.header.node
	}
	if s.header.node != r.node {
		return false, errors.Join(fmt.Errorf("visitlog: %s belongs to node %d, not %d", s.name, s.header.node, r.node), s.Close())
	}
	if err := r.close(); err != nil {
		return false, errors.Join(err, s.Close())
	}
	r.seg = s
	return true, nil
}

// next reads the next frame that has visits into c; false at the end of what is known to be on disk.
func (r *reader) next(c *columns) (bool, error) {
	for {
		if r.limed && !r.at.before(r.limit) {
			return false, nil
		}
		h, frame, ok, err := r.seg.frame(r.at.Offset)
		if err != nil {
			return false, err
		}
		if !ok {
			moved, err := r.follow()
			if err != nil || !moved {
				return false, err
			}
			continue
		}
		if h.first != r.at.Visits {
			return false, r.damaged(fmt.Sprintf("it begins with visit %d, not %d", h.first, r.at.Visits))
		}
		if err := c.decode(h, frame[frameHead:]); err != nil {
			return false, r.damaged(err.Error())
		}
		if !r.limed && r.isLast(r.at.Segment) {
			_, _, followed, err := r.seg.frame(r.at.Offset + int64(len(frame)))
			if err != nil || !followed {
				return false, err
			}
		}
		r.last, r.crc = r.at.Offset, h.crc
		r.at.Offset += int64(len(frame))
		r.at.Visits += uint64(h.count)
		if h.count > 0 {
			return true, nil
		}
	}
}

// follow is asked where no whole frame begins: it goes to the next segment, or says whether this is the end or damage.
func (r *reader) follow() (moved bool, err error) {
	if r.isLast(r.at.Segment) {
		later, err := r.seg.frameAfter(r.at.Offset)
		if err != nil {
			return false, err
		}
		if later {
			// The writer may have been at work since: only what is still not whole is damaged.
			r.seg.forget()
			if _, _, ok, err := r.seg.frame(r.at.Offset); ok || err != nil {
				return ok, err
			}
		}
		if later || r.limed {
			return false, r.damaged("no whole frame, and whole ones behind it")
		}
		r.seg.forget()
		return false, nil
	}
	end := r.at
	size, err := r.seg.Size()
	if err != nil {
		return false, err
	}
	if size != end.Offset {
		return false, r.damaged("no whole frame")
	}
	ok, err := r.enter(end.Segment + 1)
	if err != nil || !ok {
		return false, err
	}
	h := r.seg.header
	if h.previous != end.Offset || h.first != end.Visits {
		return false, &Damage{File: segmentName(end.Segment), Offset: end.Offset, Why: fmt.Sprintf("it ended at byte %d with visit %d once", h.previous, h.first)}
	}
	r.at = Position{Segment: h.segment, Offset: segmentHead, Visits: h.first}
	r.last, r.crc = 0, 0
	return true, nil
}

// resume checks that the frame before r.at is the one that was read when the place was noted.
func (r *reader) resume(last int64, crc uint32) error {
	r.last, r.crc = last, crc
	if last == 0 {
		return nil
	}
	h, frame, ok, err := r.seg.frame(last)
	if err != nil {
		return err
	}
	if !ok || h.crc != crc || last+int64(len(frame)) != r.at.Offset {
		return &Damage{File: r.seg.name, Offset: last, Why: "it is not the frame that was counted"}
	}
	return nil
}

func (r *reader) damaged(why string) error {
	return &Damage{File: r.seg.name, Offset: r.at.Offset, Why: why}
}

// Walk gives every visit of the log that is known to be on disk, oldest first, and where each lot ends. The slice is valid
// until each returns. It stops at the first error: each's, the context's or a *Damage. Walk over a log is its full check.
func Walk(ctx context.Context, src Source, each func(end Position, visits []Visit) error) (err error) {
	r, err := newReader(src, 0, Position{})
	if err != nil || r == nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	var c columns
	var visits []Visit
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		ok, err := r.next(&c)
		if err != nil || !ok {
			return err
		}
		visits = c.visits(visits[:0])
		if err := each(r.at, visits); err != nil {
			return err
		}
	}
}
