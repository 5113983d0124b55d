package visitlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"zhijian/ground/clock"
)

// Retain deletes segments that were complete before a time and that are counted to their end; the newest of a log always
// stays. It names them. Days of theirs can no longer be recounted, and the checkpoint says so before anything is deleted.
func (f *Fold) Retain(ctx context.Context, before time.Time) (deleted []string, err error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.usable(); err != nil {
		return nil, err
	}
	for _, src := range f.opt.Logs {
		node, err := nodeOf(src)
		if err != nil {
			return deleted, err
		}
		names, err := f.retain(ctx, src, f.At(node), clock.Millis(before))
		deleted = append(deleted, names...)
		if err != nil {
			return deleted, fmt.Errorf("node %d: %w", node, err)
		}
	}
	return deleted, nil
}

func (f *Fold) retain(ctx context.Context, src Source, counted Position, before int64) (deleted []string, err error) {
	list, err := segments(src.Folder)
	if err != nil {
		return nil, err
	}
	n := 0
	for n+1 < len(list) && list[n] < counted.Segment {
		done, err := beganAt(src.Folder, list[n+1])
		if err != nil {
			return nil, err
		}
		if done >= before {
			break
		}
		n++
	}
	if n == 0 {
		return nil, nil
	}
	days, err := daysOf(ctx, src, list[n])
	if err != nil {
		return nil, err
	}
	point := f.point
	point.Thinned = append(slices.Clone(point.Thinned), days...)
	slices.Sort(point.Thinned)
	point.Thinned = slices.Compact(point.Thinned)
	if err := f.replace(point, f.runs); err != nil {
		return nil, err
	}
	for _, n := range list[:n] { // oldest first: what is left has no gap, whenever this is cut short
		if err := src.Folder.Remove(segmentName(n)); err != nil {
			return deleted, err
		}
		deleted = append(deleted, segmentName(n))
	}
	return deleted, src.Folder.Sync()
}

// beganAt gives when a segment was begun, which is when the one before it was complete.
func beganAt(d Disk, n uint64) (int64, error) {
	s, headErr, err := openSegment(d, n)
	if err != nil {
		return 0, err
	}
	if err := s.Close(); err != nil {
		return 0, err
	}
	if headErr != nil {
		return 0, &Damage{File: s.name, Why: headErr.Error()}
	}
	return s.header.created, nil
}

// daysOf gives the days that have a visit in the segments before end.
func daysOf(ctx context.Context, src Source, end uint64) (days []Day, err error) {
	r, err := newReader(Source{Folder: src.Folder}, 0, Position{})
	if err != nil || r == nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	r.limit, r.limed = Position{Segment: end}, true
	seen := map[int64]bool{}
	var c columns
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ok, err := r.next(&c)
		if err != nil || !ok {
			return days, err
		}
		last := int64(-1)
		for _, at := range c.at {
			n := dayNumber(at)
			if n != last && !seen[n] {
				seen[n] = true
				days = append(days, dayNamed(n))
			}
			last = n
		}
	}
}
