package visitlog

import (
	"context"
	"errors"
	"fmt"

	"zhijian/ground/clock"
)

// recover finds the end of the log and makes it durable.
func (l *Log) recover(ctx context.Context) error {
	d := l.opt.Folder
	list, err := segments(d)
	if err != nil {
		return err
	}
	list, err = dropUnborn(d, l.opt.Node, list)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		h := header{node: l.opt.Node, segment: 1, created: clock.Millis(l.opt.Clock.Now())}
		l.w.file, err = makeSegment(d, h)
		l.w.at = Position{Segment: 1, Offset: segmentHead}
		l.w.size, l.w.sealed = segmentHead, true
		return err
	}
	if err := checkHeads(ctx, d, l.opt.Node, list); err != nil {
		return err
	}
	s, headErr, err := openSegment(d, list[len(list)-1])
	if err != nil || headErr != nil {
		return errors.Join(err, headErr)
	}
	l.w.file = s.File
	if err := l.w.findEnd(s); err != nil {
		return err
	}
	return d.Sync()
}

// dropUnborn removes a last segment that power was cut from before its head was on disk: nothing in it can have been
// acknowledged.
func dropUnborn(d Disk, node uint32, list []uint64) ([]uint64, error) {
	if len(list) == 0 {
		return list, nil
	}
	n := list[len(list)-1]
	s, headErr, err := openSegment(d, n)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if headErr == nil {
		return list, nil
	}
	s.header = header{node: node, segment: n}
	used, err := s.frameAfter(0)
	if err != nil {
		return nil, err
	}
	// Without the segment before it nobody knows how many visits came before: then it is no unborn segment, since those
	// before it were let go of only when it was complete.
	if used || n > 1 && len(list) == 1 {
		return nil, &Damage{File: s.name, Why: headErr.Error()}
	}
	if err := d.Remove(s.name); err != nil {
		return nil, err
	}
	return list[:len(list)-1], d.Sync()
}

// checkHeads reads the heads of all segments and compares each with the length of the one before.
func checkHeads(ctx context.Context, d Disk, node uint32, list []uint64) error {
	size := int64(-1)
	first := uint64(0)
	for _, n := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		s, headErr, err := openSegment(d, n)
		if err != nil {
			return err
		}
		h := s.header
		end, err := s.Size()
		if err := errors.Join(err, s.Close()); err != nil {
			return err
		}
		switch {
		case headErr != nil:
			return &Damage{File: s.name, Why: headErr.Error()}
		case h.node != node:
			return fmt.Errorf("visitlog: %s belongs to node %d, not %d", s.name, h.node, node)
		case size >= 0 && h.previous != size:
			return &Damage{File: segmentName(n - 1), Offset: min(size, h.previous), Why: fmt.Sprintf("it has %d bytes and had %d", size, h.previous)}
		case h.first < first:
			return &Damage{File: s.name, Why: "it counts fewer visits than the segment before"}
		}
		size, first = end, h.first
	}
	return nil
}

// findEnd reads the last segment to its end and cuts what follows the last whole frame.
func (w *writer) findEnd(s *segment) error {
	w.at = Position{Segment: s.header.segment, Offset: segmentHead, Visits: s.header.first}
	w.sealed = true
	last := int64(0) // where the last frame begins, 0 for none
	for {
		h, frame, ok, err := s.frame(w.at.Offset)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := w.cols.decode(h, frame[frameHead:]); err != nil {
			return &Damage{File: s.name, Offset: w.at.Offset, Why: err.Error()}
		}
		if h.first != w.at.Visits {
			return &Damage{File: s.name, Offset: w.at.Offset, Why: fmt.Sprintf("it begins with visit %d, not %d", h.first, w.at.Visits)}
		}
		last = w.at.Offset
		w.sealed = h.count == 0
		w.at.Offset += int64(len(frame))
		w.at.Visits += uint64(h.count)
		w.frame = append(w.frame[:0], frame...)
	}
	return w.cut(s, last)
}

func (w *writer) cut(s *segment, last int64) error {
	size, err := s.Size()
	if err != nil {
		return err
	}
	if size < segmentHead {
		return &Damage{File: s.name, Offset: size, Why: "the head of the segment is not whole"}
	}
	if size > w.at.Offset {
		later, err := s.frameAfter(w.at.Offset)
		if err != nil {
			return err
		}
		if later {
			return &Damage{File: s.name, Offset: w.at.Offset, Why: "no whole frame, and whole ones behind it"}
		}
		if err := s.Truncate(w.at.Offset); err != nil {
			return err
		}
	}
	// If the process before this one died of a failed sync, the system may show a frame that the disk never got. Writing the
	// last one again (only that can be so) and syncing makes what was just read true.
	if last == 0 {
		w.frame = s.header.encode()
	}
	w.size = w.at.Offset
	if _, err := s.WriteAt(w.frame, last); err != nil {
		return err
	}
	return s.Sync()
}
